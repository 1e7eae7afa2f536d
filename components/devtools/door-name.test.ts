import { expect, it } from 'vitest';
import { doorName } from './door-name.ts';

it.each([
  ['openai.chat', {}, 'ai.chat.completions'],
  ['openai.fetch', { url: 'https://switchboard.invalid/v1/embeddings' }, 'ai.fetch /v1/embeddings'],
  ['openai.fetch', undefined, 'ai.fetch'],
  ['prompt.run', {}, 'LanguageModel run'],
  ['task.run', { task: 'Summarizer' }, 'Summarizer run'],
  ['task.create', { options: { task: 'Translator' } }, 'Translator create'],
  ['task.run', undefined, 'Task run'],
  ['legacy', {}, 'window.ai (old)'],
  ['something.new', {}, 'something.new'],
])('%s with %j is %s', (method, params, name) => {
  expect(doorName(method, params)).toBe(name);
});
