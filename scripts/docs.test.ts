import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { availableBackends } from '../lib/backends/all.ts';
import { backendIds } from '../lib/backends/backend.ts';
import { errorCodes } from '../lib/protocol/errors.ts';
import { root } from './extension-folder.ts';

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...globSync('{docs,lib,scripts}/**/*.md', { cwd: root })];

it.each(pages)('%s links to files that are there', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(resolve(root, dirname(page), link)))).toEqual([]);
});

it('docs/web/errors.md explains every error a page can get', () => {
  const text = read('docs/web/errors.md');
  expect(errorCodes.filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
});

it('docs/testing-your-app.md names backends that exist', () => {
  const [, list = ''] = /`lib\/backends\/backend\.ts`\]\([^)]*\): (.*)/.exec(read('docs/testing-your-app.md')) ?? [];
  const named = [...list.matchAll(/`(\w+)`/g)].map(([, id = '']) => id);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((id) => !backendIds.some((known) => known === id))).toEqual([]);
});

it('docs/users says how to connect every backend that is offered', () => {
  const text = globSync('docs/users/*.md', { cwd: root }).map(read).join('\n').toLowerCase();
  const named = ({ id, label }: { id: string; label: string }) => text.includes(label.toLowerCase()) || text.includes(`**${id}**`);
  expect(availableBackends.filter((backend) => !named(backend)).map(({ id }) => id)).toEqual([]);
});

function read(page: string): string {
  return readFileSync(resolve(root, page), 'utf8');
}
