import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOpenRouter } from '../../testing/emulators/openrouter.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, unstopped, userMessage } from '../../testing/open-engine.ts';
import { openRouterModel } from './models.ts';
import { openrouter } from './openrouter.ts';

const key = ['sk', 'or', 'test0123456789'].join('-');
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startOpenRouter({ apiKey: key });
});
afterEach(() => emulator.close());

const open = (secret = key) => openEngine(openrouter, { baseUrl: emulator.url }, { key: secret });

describe('OpenRouter', () => {
  it('lists models with whole prices, windows and abilities', async () => {
    expect(await open().models?.(unstopped())).toMatchObject([
      {
        id: 'vendor/model',
        name: 'Vendor: Model',
        contextWindow: 131_072,
        maxOutputTokens: 16_384,
        price: { inputMicroUsdPerMillion: 200_000, outputMicroUsdPerMillion: 800_000, cachedInputMicroUsdPerMillion: 50_000 },
      },
      { id: 'vendor/small:free', price: { inputMicroUsdPerMillion: 0, outputMicroUsdPerMillion: 0 } },
    ]);
  });

  it('has no price for a model whose price depends, and leaves out what writes no text', () => {
    expect(openRouterModel({ id: 'openrouter/auto', pricing: { prompt: '-1', completion: '-1' } })).not.toHaveProperty('price');
    expect(openRouterModel({ id: 'a', pricing: { prompt: '', completion: '0' } })).not.toHaveProperty('price');
    expect(openRouterModel({ id: 'a', pricing: { prompt: '0.000001', completion: '0', request: '0.01' } })?.price).toMatchObject({
      inputMicroUsdPerMillion: 1_000_000,
      requestMicroUsd: 10_000,
    });
    expect(openRouterModel({ id: 'picture', architecture: { output_modalities: ['image'] } })).toBeUndefined();
    const able = {
      supported_parameters: ['tools', 'structured_outputs', 'reasoning'],
      architecture: { input_modalities: ['text', 'image', 'audio', 'file'] },
    };
    expect(openRouterModel({ id: 'a', ...able })?.abilities).toEqual(['chat', 'tools', 'schema', 'thinking', 'images', 'audio', 'files']);
  });

  it('tells what an answer cost, and nothing of who made it', async () => {
    const parts = await collect(open().chat?.({ model: 'vendor/model', messages: [userMessage('Hi')] }, unstopped()));
    expect(parts.at(-1)).toMatchObject({ type: 'end', usage: { costMicroUsd: expect.any(Number) } });
    expect(JSON.stringify(parts)).not.toContain('provider');
  });

  it('tells the credit of the key', async () => {
    expect(await open().account?.(unstopped())).toEqual({ creditMicroUsd: 7_500_000, note: 'This key spent 2.50 $ this month.' });
  });

  it('is tested with the key, because its list is open to all', async () => {
    await open().test?.(unstopped());
    await expect(open('wrong').test?.(unstopped())).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await open('wrong').models?.(unstopped())).not.toEqual([]);
  });
});
