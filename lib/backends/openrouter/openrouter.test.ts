import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOpenRouter } from '../../testing/emulators/openrouter.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, unstopped, userMessage } from '../../testing/open-engine.ts';
import { accountOf } from './account.ts';
import { openRouterModel } from './models.ts';
import { openrouter } from './openrouter.ts';
import { routingFields } from './routing.ts';

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

  it('tells what the key may still spend, and what the account holds where it may ask', async () => {
    expect(await open().account?.(unstopped())).toEqual({
      creditMicroUsd: 7_500_000,
      note: 'This key spent 2.50 $ this month. Its limit is 10.00 $, counted anew monthly.',
    });
    await emulator.close();
    emulator = await startOpenRouter({ apiKey: key, managesAccount: true });
    expect(await open().account?.(unstopped())).toMatchObject({
      creditMicroUsd: 3_500_000,
      note: expect.stringContaining('The account holds 3.50 $.'),
    });
    expect(accountOf({ limit: null, limit_remaining: null, is_free_tier: true, expires_at: '2030-01-02T00:00:00Z' }, {})).toEqual({
      note: 'The account has bought no credit, so only free models answer. The key ends on 2030-01-02.',
    });
  });

  it('says with every request who may answer, and who next', async () => {
    const engine = openEngine(
      openrouter,
      {
        baseUrl: emulator.url,
        fallbackModels: 'vendor/small:free, vendor/model ,',
        providerOrder: 'deepinfra, together',
        providerIgnore: 'x',
        noOtherProviders: true,
        providerSort: 'price',
        dataPolicy: 'zdr',
        requireParameters: true,
      },
      { key },
    );
    const extra = { provider: { quantizations: ['fp8'] } };
    await collect(engine.chat?.({ model: 'vendor/model', messages: [userMessage('Hi')], extra }, unstopped()));
    expect(emulator.requests.at(-1)?.body).toMatchObject({
      models: ['vendor/model', 'vendor/small:free'],
      provider: { quantizations: ['fp8'] },
    });
    await collect(engine.text?.({ model: 'vendor/model', prompt: 'Hi' }, unstopped()));
    expect(emulator.requests.at(-1)?.body).toMatchObject({
      provider: {
        order: ['deepinfra', 'together'],
        ignore: ['x'],
        allow_fallbacks: false,
        sort: 'price',
        zdr: true,
        require_parameters: true,
      },
    });
  });

  it('offers the companies that answer, and its models to fall back on', async () => {
    expect(await open().offers?.('providerOnly', unstopped())).toEqual([
      { value: 'openai', name: 'OpenAI' },
      { value: 'together', name: 'Together' },
    ]);
    expect(await open().offers?.('fallbackModels', unstopped())).toContainEqual({ value: 'vendor/model', name: 'Vendor: Model' });
  });

  it('leaves the choice to OpenRouter where the settings say nothing', () => {
    expect(routingFields({ providerSort: 'auto', dataPolicy: 'any', providerOnly: ' , ' }, 'm')).toEqual({});
    expect(routingFields({ dataPolicy: 'deny', providerOnly: 'a' }, 'm')).toEqual({ provider: { only: ['a'], data_collection: 'deny' } });
  });

  it('is tested with the key, because its list is open to all', async () => {
    await open().test?.(unstopped());
    await expect(open('wrong').test?.(unstopped())).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await open('wrong').models?.(unstopped())).not.toEqual([]);
  });
});
