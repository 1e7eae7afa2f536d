import { describe, expect, it } from 'vitest';
import type { PageModel } from '../../protocol/model.ts';
import { legacyModel } from './legacy-model.ts';

const granted = (...ids: string[]): PageModel[] => ids.map((id, index) => ({ id, name: id, place: 'device', isDefault: index === 0 }));

describe('a model of Window AI’s days', () => {
  it.each([
    [undefined, ['llama'], 'default'],
    ['llama', ['other', 'llama'], 'llama'],
    ['openai/gpt-4', ['llama', 'gpt-4'], 'gpt-4'],
    ['openai/gpt-4', ['openai/gpt-4', 'gpt-4'], 'openai/gpt-4'],
    ['openai/gpt4', ['llama', 'openai/gpt-4'], 'openai/gpt-4'],
    ['openai/gpt-4', ['llama', 'connection-2/gpt-4'], 'connection-2/gpt-4'],
    ['anthropic/claude-v1-100k', ['claude-opus'], 'default'],
    ['openai/gpt-4', ['gpt-4-turbo'], 'default'],
    ['something else', ['llama'], 'default'],
    ['', ['llama'], 'default'],
  ])('%s of %j is %s', (name, ids, expected) => {
    expect(legacyModel(name, granted(...ids))).toBe(expected);
  });
});
