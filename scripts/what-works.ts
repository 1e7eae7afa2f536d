import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { availableBackends } from '../lib/backends/all.ts';
import type { Backend, Engine, Resources } from '../lib/backends/backend.ts';
import { root } from './extension-folder.ts';

const page = 'docs/users/what-works.md';
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

/** The page with the table of now. */
export function updatedPage(text: string): string {
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  return `${before}\n\n${whatWorks()}\n\n${text.slice(text.indexOf(end))}`;
}

export function readPage(): string {
  return readFileSync(resolve(root, page), 'utf8');
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
  writeFileSync(resolve(root, page), updatedPage(readPage()));
}
