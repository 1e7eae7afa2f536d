import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { root } from './extension-folder.ts';

/**
 * An example that is run: a fence whose language is followed by `run`, and then maybe by what it needs. `ungranted`: the
 * user has not decided yet; `blocked`: they said never; `without`: Switchboard is not installed.
 */
export interface Example {
  /** `docs/web/api.md:31`, to find it again. */
  place: string;
  language: 'js' | 'ts' | 'html';
  needs: 'granted' | 'ungranted' | 'blocked' | 'without';
  code: string;
  /** What its `// prints:` comments say it logs, in this order; undefined where none does. */
  prints: string[] | undefined;
}

/** Beside the client, what examples import, and which of our packages it is: of the AI SDK the newest. */
export const examplePackages: Record<string, string> = {
  ai: 'ai7',
  '@ai-sdk': '@ai-sdk',
  '@browser-ai': '@browser-ai',
  '@langchain': '@langchain',
  openai: 'openai',
  'window.ai': 'window.ai',
  zod: 'zod',
};

const fence = /^```(js|ts|html) run(?: (ungranted|blocked|without))?\n([\s\S]*?)^```$/gm;

/** Every runnable example of the pages for web developers. */
export function readExamples(): Example[] {
  const pages = [...globSync('docs/web/*.md', { cwd: root }), 'lib/client/README.md'].map((page) => page.replaceAll('\\', '/')).sort();
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    return [...text.matchAll(fence)].map(({ index, 1: language, 2: needs = 'granted', 3: code = '' }) => {
      const prints = [...code.matchAll(/\/\/ prints: (.*)$/gm)].map(([, line = '']) => line.trim());
      const place = `${page}:${text.slice(0, index).split('\n').length + 1}`;
      return { place, language, needs, code, prints: prints.length > 0 ? prints : undefined } as Example;
    });
  });
}

/** A script of it as a page's module; TypeScript without its types. */
export function moduleOf({ language, code }: Example): string {
  return language === 'ts' ? stripTypeScriptTypes(code) : code;
}

/** Whether it needs a bundler. */
export function hasImports({ code }: Example): boolean {
  return /^import\b.* from '[^./]/m.test(code);
}
