import { expect, test } from 'vitest';
import { parseRoute } from './route.ts';

test('an address names a section, what is open in it, and what a form begins with', () => {
  expect(parseRoute('#sites/https%3A%2F%2Fnotes.example')).toMatchObject({ section: 'sites', path: ['https://notes.example'] });
  const { section, path, query } = parseRoute('#connections/new/ollama?baseUrl=http%3A%2F%2F127.0.0.1%3A11434');
  expect([section, path, query.get('baseUrl')]).toEqual(['connections', ['new', 'ollama'], 'http://127.0.0.1:11434']);
});

test('no address and a strange one lead to the connections', () => {
  for (const hash of ['', '#', '#nonsense', '#%E0%A4%A']) expect(parseRoute(hash)).toMatchObject({ section: 'connections', path: [] });
});
