import { build } from 'vite';
import { root } from '../scripts/extension-folder.ts';

const entry = 'virtual:entry';

/** The code as a page would ship it: one module with its packages in it, found from `folder`. */
export async function bundle(code: string, folder: string = root): Promise<string> {
  const result = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2023', modulePreload: false, rolldownOptions: { input: entry, output: { format: 'es' } } },
    plugins: [
      {
        name: 'entry',
        // From the folder, so that packages are found as they are in a project.
        resolveId: (id) => (id === entry ? `${folder}/entry.js` : undefined),
        load: (id) => (id === `${folder}/entry.js` ? code : undefined),
      },
    ],
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('Vite made nothing.');
  const chunk = output.output.find((each) => each.type === 'chunk' && each.isEntry);
  if (chunk?.type !== 'chunk') throw new Error('Vite made no entry chunk.');
  return chunk.code;
}
