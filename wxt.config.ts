import { relative } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'wxt';
import { engineFiles } from './scripts/engine-files.ts';
import { languageNotices } from './scripts/language-notices.ts';
import { manifest } from './scripts/manifest.ts';

/** Stacks that pages can read name the script so, and not by an address that only the extension has. */
function sourceName(): Plugin {
  return {
    name: 'source-name',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && /^(page|relay|model)\.js$/.test(chunk.fileName)) chunk.code += '\n//# sourceURL=switchboard\n';
      }
    },
  };
}

/** Scripts that run in pages are functions and do without WXT's wrapper: half a KiB in every frame, for messages of development. */
function bareScripts(): Plugin {
  return {
    name: 'bare-scripts',
    transform(code, id) {
      if (!/entrypoints\/(page|relay|model)\.ts$/.test(id)) return undefined;
      const user = /^import definition from ("[^"]+");/.exec(code)?.[1];
      return user ? `import main from ${user};\nmain();\n` : code.replace('defineUnlistedScript(()', '(()');
    },
  };
}

/** The validator of schemas makes an address of the document's when it is read, which in `blob:` documents is none. It needs none. */
function noAddress(): Plugin {
  return {
    name: 'no-address',
    transform(code, id) {
      if (!/@cfworker.json-schema.*dereference\.js/.test(id)) return undefined;
      return code.replace(/typeof self !== 'undefined' &&\s+self\.location &&/, 'false &&');
    },
  };
}

/** What most screens read is one file: as many small ones cost the popup a millisecond each before its first paint. */
const sharedByScreens = {
  name: 'shared',
  minShareCount: 5,
  test: (id: string) => /^(components|lib\/(?!backends)|node_modules\/(preact|@preact|lucide|zod))/.test(relative(import.meta.dirname, id)),
};

export default defineConfig({
  manifestVersion: 3,
  imports: false,
  outDir: process.env.SWITCHBOARD_OUT ?? '.output',
  outDirTemplate: '{{browser}}',
  manifest,
  hooks: {
    'build:manifestGenerated': (_wxt, manifest) => {
      // Firefox has no importScripts: its event page lists what Chrome's worker reads when needed (lib/backends/load-kit.ts).
      if (manifest.background && 'scripts' in manifest.background) manifest.background.scripts?.push('kit.js');
    },
    'build:publicAssets': (wxt, files) => {
      files.push(...engineFiles(wxt.config.root, wxt.config.browser));
      files.push({ relativeDest: 'languages-LICENSE.txt', contents: languageNotices(wxt.config.root) });
    },
  },
  zip: { artifactTemplate: '{{name}}-{{version}}-{{browser}}.zip', sourcesTemplate: '{{name}}-{{version}}-sources.zip' },
  vite: () => ({
    plugins: [bareScripts(), sourceName(), noAddress()],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      target: ['chrome140', 'firefox140'],
      modulePreload: { polyfill: false },
      rolldownOptions: { output: { codeSplitting: { groups: [sharedByScreens] } } },
    },
  }),
});
