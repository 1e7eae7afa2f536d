import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/extension-folder.ts';

/** The examples of pages of the documentation as one module: functions in `window.examples`, named by what stands above them. */
export function moduleOfExamples(pages: string[]): { names: string[]; code: string } {
  const imports = new Set<string>();
  const functions: [string, string][] = [];
  for (const page of pages) {
    const blocks = readFileSync(join(root, page), 'utf8').matchAll(/\n([^\n]+)\n+```js\n([\s\S]*?)```/g);
    for (const [, title = '', block = ''] of blocks) {
      const lines = block.split('\n');
      for (const line of lines) if (line.startsWith('import ')) imports.add(line);
      const body = lines.filter((line) => !line.startsWith('import ')).join('\n');
      functions.push([`${page}: ${title}`, `async () => {\n${body}\n}`]);
    }
  }
  const table = functions.map(([name, code]) => `${JSON.stringify(name)}: ${code}`).join(',\n');
  return { names: functions.map(([name]) => name), code: `${[...imports].join('\n')}\nwindow.examples = {\n${table}\n};` };
}

declare global {
  interface Window {
    examples: Record<string, () => Promise<void>>;
  }
}
