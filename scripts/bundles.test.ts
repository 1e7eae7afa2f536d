import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { browserNames } from './browsers.ts';
import { extensionFolder } from './extension-folder.ts';

/** What was built, where something was: `npm run check` builds first. */
describe.skipIf(!browserNames.every((name) => existsSync(extensionFolder(name)))).each(browserNames)('the build for %s', (name) => {
  const folder = extensionFolder(name);
  const scripts = globSync('**/*.js', { cwd: folder });

  it('makes no code from text, which the content security policy would stop anyway', () => {
    expect(scripts.filter((path) => /[^.\w]eval\(|new Function\(/.test(read(path)))).toEqual([]);
  });

  it('keeps storage, keys and requests out of what runs in pages', () => {
    const forbidden = /indexedDB|crypto\.subtle|\.storage\b|XMLHttpRequest|WebSocket|innerHTML/;
    expect(['page.js', 'relay.js', 'model.js'].filter((path) => forbidden.test(read(path)))).toEqual([]);
  });

  it('names no host that it could load code from', () => {
    expect(scripts.filter((path) => /\bimport\(["']https?:|importScripts\(["']https?:|src=["']https?:/.test(read(path)))).toEqual([]);
  });

  function read(path: string): string {
    return readFileSync(join(folder, path), 'utf8');
  }
});
