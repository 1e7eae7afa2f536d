import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { availableBackends } from '../lib/backends/all.ts';
import type { Backend, BackendId, Engine, Resources } from '../lib/backends/backend.ts';
import { root } from './extension-folder.ts';

/** Where a page has another name than the backend. */
const pageNames: Partial<Record<BackendId, string>> = {
  oobabooga: 'text-generation-webui',
  ondevice: 'on-device',
  chrome: 'built-in',
};
const [begin, end] = ['<!-- from the code: node scripts/what-works.ts -->', '<!-- end -->'];

/** Which service can do what, as a table: an engine has a method for all it can do. */
export function whatWorks(): string {
  const columns: [string, (engine: Engine, backend: Backend) => string][] = [
    ['converses', ({ chat, text }) => (chat ? '✓' : text ? 'by a template' : '')],
    ['continues raw text', ({ chat, text }) => (text ? '✓' : chat ? 'as a message' : '')],
    ['vectors', ({ embed }) => tick(embed)],
    ['counts tokens itself', ({ countTokens }) => tick(countTokens)],
    ['loads', ({ load }) => tick(load)],
    ['unloads', ({ unload }) => tick(unload)],
    ['gets models', ({ pull }) => tick(pull)],
    ['deletes models', ({ remove }) => tick(remove)],
    ['tells credit or queue', ({ account }) => tick(account)],
    ['sign-in', (_engine, { signIn }) => tick(signIn)],
  ];
  const services = availableBackends.filter(({ group }) => group !== 'pool');
  const rows = services.map((backend) => [backend.label, ...columns.map(([, cell]) => cell(open(backend), backend))]);
  return [['', ...columns.map(([title]) => title)], ['---', ...columns.map(() => '---')], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** What one service can do, for its own page. */
export function whatOneDoes(backend: Backend): string {
  const engine = open(backend);
  const samplers = engine.samplers?.('', new AbortController().signal) ?? {};
  const names = samplers instanceof Promise ? undefined : Object.values(samplers);
  if (samplers instanceof Promise) samplers.catch(() => {});
  const rows: [string, string | undefined][] = [
    ['conversations', engine.chat ? '✓' : 'written as text by Switchboard'],
    ['raw text', engine.text ? '✓' : 'asked as a message of yours'],
    ['vectors', mark(engine.embed)],
    ['token counts', engine.countTokens ? 'exact, by the server' : 'estimated, and marked as such'],
    ['models', listOf(engine, ['load', 'unload', 'pull', 'remove'])],
    ['credit or queue', mark(engine.account)],
    ['signing in instead of a key', mark(backend.signIn)],
    ['samplers', names ? names.map((name) => `\`${name}\``).join(', ') || 'none' : 'as its version has them'],
  ];
  return ['| | |', '| --- | --- |', ...rows.flatMap(([what, answer]) => (answer === undefined ? [] : [`| ${what} | ${answer} |`]))].join(
    '\n',
  );
}

/** The pages that hold tables, each with the table of now. */
export const pages: Record<string, () => string> = {
  'docs/users/what-works.md': whatWorks,
  ...Object.fromEntries(
    availableBackends
      .filter(({ group }) => group !== 'pool')
      .map((backend) => [`docs/users/${pageNames[backend.id] ?? backend.id}.md`, () => whatOneDoes(backend)]),
  ),
};

export function updatedPage(text: string, table: () => string): string {
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  return `${before}\n\n${table()}\n\n${text.slice(text.indexOf(end))}`;
}

export function readPage(page: string): string {
  return readFileSync(resolve(root, page), 'utf8');
}

const modelWords = { load: 'loads', unload: 'unloads', pull: 'gets new ones', remove: 'deletes' };

function listOf(engine: Engine, methods: (keyof typeof modelWords)[]): string {
  const words = methods.flatMap((method) => (engine[method] ? [modelWords[method]] : []));
  return ['lists', ...words].join(', ');
}

function mark(method: unknown): string | undefined {
  return method ? '✓' : undefined;
}

function tick(method: unknown): string {
  return method ? '✓' : '';
}

/** With hosts that can do everything, so that the engine alone decides. */
function open(backend: Backend): Engine {
  const nobody = () => Promise.reject(new Error('Nobody is asked here.'));
  const host = {
    chat: nobody,
    text: nobody,
    embed: nobody,
    models: nobody,
    countTokens: nobody,
    contextWindow: nobody,
    load: nobody,
    unload: nobody,
  };
  const resources = {
    http: { request: nobody },
    secret: () => undefined,
    onDevice: host,
    nativeModel: { availability: nobody, create: nobody },
  } as unknown as Resources;
  return backend.open(backend.schema.parse({ baseUrl: 'http://127.0.0.1:1', ...backend.preset }), resources);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [page, table] of Object.entries(pages)) writeFileSync(resolve(root, page), updatedPage(readPage(page), table));
}
