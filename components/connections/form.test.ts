import { expect, test } from 'vitest';
import '../../lib/backends/all.ts';
import { createForm } from './form.ts';

const legacy = { backend: 'oobabooga', baseUrl: 'http://127.0.0.1:5000', config: { api: 'legacy' }, models: [{ id: 'tiny' }] } as const;

test('what answers at an address fills in what the user left open', () => {
  const form = createForm('oobabooga');
  form.learn({ ...legacy, models: [...legacy.models] });
  expect(form.config.value).toMatchObject({ api: 'legacy' });
  expect(form.models.value).toEqual([{ id: 'tiny' }]);
});

test('what the user chose stays, whatever answers', () => {
  const form = createForm('oobabooga');
  form.setConfig('api', 'openai');
  form.learn({ ...legacy, models: [] });
  expect(form.config.value).toMatchObject({ api: 'openai' });
  expect(form.backend.value.id).toBe('oobabooga');
});

test('another kind is taken only when it is said so, with its address', () => {
  const form = createForm('custom', 'http://127.0.0.1:11434/v1');
  form.take({ backend: 'ollama', baseUrl: 'http://127.0.0.1:11434', models: [] });
  expect(form.backend.value.id).toBe('ollama');
  expect(form.config.value).toEqual({ baseUrl: 'http://127.0.0.1:11434' });
});
