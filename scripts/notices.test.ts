import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { libraries } from '../components/about/libraries.ts';
import manifest from '../package.json' with { type: 'json' };
import { root } from './extension-folder.ts';
import { languageNotices } from './language-notices.ts';

describe('whose work is in the package', () => {
  it.each(Object.keys(manifest.dependencies))('About names %s with its licence', (name) => {
    const { license } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { license: string };
    const shown = name.replace('lucide-preact', 'lucide').replace('@wllama/', '');
    expect(libraries.filter(([names]) => names.toLowerCase().split(', ').includes(shown))).toEqual([[expect.anything(), license]]);
  });

  it('languages.js goes with the terms of all that is in it', () => {
    const notices = languageNotices(root);
    for (const holder of ['OJ Kwon', 'Copyright 2008 Google Inc.', 'Copyright 2016 Google Inc.', 'Apache License'])
      expect(notices).toContain(holder);
  });
});
