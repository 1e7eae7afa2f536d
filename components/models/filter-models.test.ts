import { expect, test } from 'vitest';
import type { ModelInfo } from '../../lib/protocol/model.ts';
import { filterModels, kindsOf } from './filter-models.ts';

const models: ModelInfo[] = [
  { id: 'llama3.2:3b', abilities: ['chat', 'text', 'tools'], loaded: true },
  { id: 'llava:7b', name: 'LLaVA', abilities: ['chat', 'text', 'images'], loaded: false },
  { id: 'nomic-embed-text', description: 'For search', abilities: ['embed'], loaded: false },
  { id: 'base', abilities: ['text'], price: { inputMicroUsdPerMillion: 0, outputMicroUsdPerMillion: 0 } },
];

test('a search looks at id, name and description, for every word, whatever the case', () => {
  expect(ids('LL')).toEqual(['llama3.2:3b', 'llava:7b']);
  expect(ids('llava 7b')).toEqual(['llava:7b']);
  expect(ids('search')).toEqual(['nomic-embed-text']);
  expect(ids('nothing')).toEqual([]);
});

test('a kind narrows down what the search found', () => {
  expect(ids('ll', 'images')).toEqual(['llava:7b']);
  expect(ids('', 'embed')).toEqual(['nomic-embed-text']);
  expect(ids('', 'text-only')).toEqual(['base']);
  expect(ids('', 'loaded')).toEqual(['llama3.2:3b']);
  expect(ids('', 'free')).toEqual(['base']);
});

test('only kinds that tell the models apart are offered', () => {
  expect(kindsOf(models)).toEqual(['images', 'tools', 'embed', 'text-only', 'loaded', 'free']);
  expect(kindsOf(models.slice(0, 1))).toEqual([]);
});

function ids(search: string, kind?: Parameters<typeof filterModels>[2]): string[] {
  return filterModels(models, search, kind).map(({ id }) => id);
}
