import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { groups, type Line } from './catalogue-lines.ts';
import { root } from './extension-folder.ts';

/** `node scripts/catalogue.ts` writes docs/security/catalogue.md from the lines and the tests there are. */
export const cataloguePath = resolve(root, 'docs/security/catalogue.md');

export interface TestFile {
  path: string;
  text: string;
  /** Names that bear a tag, such as `[A-1]`. */
  tagged: string[];
}

/** Every file that holds tests, the contract suite of the backends among them. */
export function testFiles(): TestFile[] {
  return globSync(['{lib,components,scripts,e2e}/**/*.test.{ts,tsx}', 'lib/testing/contract/*.ts'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const text = readFileSync(resolve(root, path), 'utf8');
      return { path, text, tagged: taggedNames(text) };
    });
}

/** The tests of a line, each as `file: name`; what is listed and not there stands in `missing`. */
export function testsOf({ id, tests = [] }: Line, files: TestFile[]): { found: { path: string; name: string }[]; missing: string[] } {
  const bearing = files.flatMap(({ path, tagged }) => tagged.filter((name) => name.includes(`[${id}]`)).map((name) => ({ path, name })));
  const listed = tests.map(([path, name]) => ({ path, name }));
  const missing = listed.filter(({ path, name }) => !files.some((file) => file.path === path && hasName(file.text, name)));
  return {
    found: [...bearing, ...listed.filter((each) => !missing.includes(each))],
    missing: missing.map(({ path, name }) => `${id}: ${path}: ${name}`),
  };
}

/** The whole document. */
export function writeCatalogue(files: TestFile[]): string {
  const all = groups.flatMap(({ lines }) => lines);
  const tested = all.filter((line) => testsOf(line, files).found.length > 0).length;
  const head = [
    '# What was tried, and what comes of it',
    '',
    `Every bad input, attack and fault that Switchboard was built against: ${all.length} lines, ${tested} of them with tests. The others say why`,
    'they have none. [The threat model](threat-model.md) says what they are about. `npm run guards` shows that the tests notice when',
    'a guard is missing.',
    '',
    'Made by `node scripts/catalogue.ts` from `scripts/catalogue-lines.ts` and the names of the tests; a test fails when it is out of date.',
    'Tests in `e2e/` run in both browsers.',
  ];
  return `${[...head, ...groups.flatMap((group) => section(group, files))].join('\n')}\n`;
}

function section({ name, title, lines }: (typeof groups)[number], files: TestFile[]): string[] {
  const rows = lines.map((line) => {
    const links = [...new Set(testsOf(line, files).found.map(({ path }) => path))].map(
      (path) => `[${path.split('/').at(-1)}](../../${path})`,
    );
    const proof = [links.join(', '), line.limit].filter(Boolean).join('<br>');
    return `| ${line.id} | ${line.what} | ${proof} |`;
  });
  return ['', `## ${name}. ${title}`, '', '| | what | tests, or why not |', '|---|---|---|', ...rows];
}

/** Names are short pieces; a file may write them with escaped quotes. */
function hasName(text: string, name: string): boolean {
  return text.includes(name) || text.includes(name.replaceAll("'", "\\'"));
}

function taggedNames(text: string): string[] {
  return text.split('\n').flatMap((line) => /\b(?:describe|it|test)\b.*?(['`])(.*?\[[A-Z]-?\d+\].*?)\1/.exec(line)?.[2] ?? []);
}

if (import.meta.main) {
  const files = testFiles();
  const missing = groups.flatMap(({ lines }) => lines.flatMap((line) => testsOf(line, files).missing));
  for (const line of missing) console.log(`not there: ${line}`);
  writeFileSync(cataloguePath, writeCatalogue(files));
  console.log(`${cataloguePath} is written`);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
