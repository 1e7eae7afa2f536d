import { expect, test } from 'vitest';
import type { Connection } from '../../lib/connections/connection.ts';
import { modelChoices, shownAtOnce } from './model-choices.ts';

const ollama = connection('a', 'ollama', 'Ollama');
const device = connection('b', 'ondevice', 'This browser');
const models = { a: [{ id: 'llama3.2:3b', name: 'Llama 3.2' }, { id: 'qwen3:8b' }], b: [{ id: 'pocket', name: 'Pocket' }] };

test('offers every model of every connection', () => {
  expect(ids('')).toEqual(['llama3.2:3b', 'qwen3:8b', 'pocket']);
});

test('finds by id, name and connection, whatever the case', () => {
  expect(ids('LLAMA')).toContain('llama3.2:3b');
  expect(ids('browser')).toContain('pocket');
  expect(ids('ollama 8b')).toContain('qwen3:8b');
  expect(ids('ollama 8b')).not.toContain('llama3.2:3b');
});

test('leaves out what cannot be talked to', () => {
  const [group] = modelChoices(
    [ollama],
    () => [
      { id: 'embedder', abilities: ['embed'] },
      { id: 'talker', abilities: ['text'] },
    ],
    '',
  );
  expect(group?.choices.map(({ model }) => model?.id)).toEqual(['talker']);
});

test('what is typed can be used as a model, except where models are files', () => {
  const groups = modelChoices([ollama, device], of, 'my-model:7b');
  expect(groups).toHaveLength(1);
  expect(groups[0]?.choices).toEqual([{ connection: ollama, model: { id: 'my-model:7b' }, isTyped: true }]);
  expect(ids('qwen3:8b')).toEqual(['qwen3:8b']);
});

test('what is there comes before what could be', () => {
  const other = connection('c', 'custom', 'Other');
  const groups = modelChoices([other, ollama], (id) => (id === 'c' ? [] : of(id)), 'qwen');
  expect(groups.map(({ connection }) => connection.name)).toEqual(['Ollama', 'Other']);
});

test('a connection that lists nothing can still be chosen', () => {
  expect(modelChoices([ollama], () => undefined, '')[0]?.choices).toEqual([{ connection: ollama }]);
});

test('a long list is cut and says by how much', () => {
  const many = Array.from({ length: 400 }, (_, index) => ({ id: `model-${index}` }));
  const [group] = modelChoices([ollama], () => many, '');
  expect(group?.choices).toHaveLength(shownAtOnce);
  expect(group?.hidden).toBe(400 - shownAtOnce);
});

function of(id: string) {
  return models[id as 'a' | 'b'];
}

function ids(search: string) {
  return modelChoices([ollama, device], of, search).flatMap(({ choices }) =>
    choices.filter(({ isTyped }) => !isTyped).map(({ model }) => model?.id),
  );
}

function connection(id: string, backend: Connection['backend'], name: string): Connection {
  return { id, backend, name, config: {}, revision: 1, createdAt: 0 };
}
