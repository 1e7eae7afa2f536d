import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { root } from './extension-folder.ts';

/** What a web developer imports. A fork that publishes it under a name of its own changes it here. */
export const clientName = 'switchboard-client';

/** Bytes of a page's bundle, minified and zipped, for what it imports. */
export const clientLimits: { imported: string; limit: number }[] = [
  { imported: 'getAI', limit: 3 * 1024 },
  { imported: 'createAIStore', limit: 3 * 1024 },
  { imported: 'createSwitchboard', limit: 8 * 1024 },
];

const typescript = join(root, 'node_modules/typescript/bin/tsc');

/** Writes the folder that `npm publish` takes: modules and types as they are in lib/client, and nothing to depend on. */
export function buildClient(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(process.execPath, [typescript, '-p', join(root, 'lib/client'), '--outDir', join(folder, 'dist')], { stdio: 'inherit' });
  for (const file of globSync('dist/**/*.d.ts', { cwd: folder })) {
    const path = join(folder, file);
    // TypeScript leaves these as they are; not every resolver finds a declaration by the name of its source.
    writeFileSync(path, readFileSync(path, 'utf8').replace(/(from '\.[^']*)\.ts'/g, "$1.js'"));
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(root, 'lib/client/README.md'), join(folder, 'README.md'));
}

/** Bytes of a bundle with that one import in it, minified; zipped as a server would. */
export async function measureClient(folder: string, imported: string): Promise<{ bytes: number; gzipBytes: number }> {
  const entry = `${root}/measured.js`;
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2023', modulePreload: false, rolldownOptions: { input: entry, output: { format: 'es' } } },
    plugins: [
      {
        name: 'measured',
        resolveId: (id) => (id === entry ? entry : undefined),
        load: (id) =>
          id === entry
            ? `import { ${imported} } from ${JSON.stringify(join(folder, 'dist/client/index.js'))};\nglobalThis.used = ${imported};`
            : undefined,
      },
    ],
  });
  if (!('output' in result)) throw new Error('Vite made nothing.');
  const code = result.output.map((each) => (each.type === 'chunk' ? each.code : '')).join('');
  return { bytes: Buffer.byteLength(code), gzipBytes: gzipSync(code).length };
}

function manifest(): object {
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string; license: string };
  const entry = (file: string) => ({ types: `./dist/client/${file}.d.ts`, default: `./dist/client/${file}.js` });
  return {
    name: clientName,
    version,
    description: "The language models of your page's visitors, through Switchboard: find them, type them, and use them with the AI SDK.",
    keywords: ['ai', 'llm', 'window.ai', 'switchboard', 'ai-sdk', 'browser'],
    license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    files: ['dist'],
    types: './dist/client/index.d.ts',
    exports: {
      '.': entry('index'),
      './ai-sdk': entry('ai-sdk/create-switchboard'),
      './store': entry('store'),
      './package.json': './package.json',
    },
  };
}

async function main(): Promise<number> {
  const folder = join(root, 'dist/client');
  buildClient(folder);
  console.log(`${clientName} is in dist/client. Try it with: npm pack --dry-run ./dist/client`);
  let isOk = true;
  for (const { imported, limit } of clientLimits) {
    const { gzipBytes } = await measureClient(folder, imported);
    isOk &&= gzipBytes <= limit;
    const verdict = gzipBytes <= limit ? 'ok' : 'TOO LARGE';
    console.log(`${imported.padEnd(18)} ${(gzipBytes / 1024).toFixed(2)} KiB gz of ${limit / 1024} KiB  ${verdict}`);
  }
  return isOk ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
