import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../protocol/request.ts';
import { startTogether } from '../../testing/emulators/together.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { together } from './together.ts';

const key = ['together', 'test'].join('-');
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startTogether({ apiKey: key });
});
afterEach(() => emulator.close());

const engine = () => openEngine(together, { baseUrl: emulator.url }, { key });
const ask = (more: Partial<ChatRequest> = {}) =>
  collect(engine().chat?.({ model: 'vendor/Model-70B', messages: [userMessage('Hi')], ...more }, unstopped()));
const sent = () => asObject(emulator.requests.at(-1)?.body);

describe('Together AI', () => {
  it('lists the models that write, from a bare array, with prices that are prices', async () => {
    expect(await engine().models?.(unstopped())).toEqual([
      {
        id: 'vendor/Model-70B',
        name: 'Vendor Model-70B',
        contextWindow: 131_072,
        price: { inputMicroUsdPerMillion: 880_000, outputMicroUsdPerMillion: 880_000 },
      },
      expect.objectContaining({
        id: 'vendor/Model-8B-Free',
        price: { inputMicroUsdPerMillion: 0, outputMicroUsdPerMillion: 0 },
      }),
      { id: 'vendor/Model-Hired', name: 'Vendor Model-Hired', contextWindow: 131_072 },
      expect.objectContaining({ id: 'vendor/Base-7B', abilities: ['text'] }),
      expect.objectContaining({ id: 'vendor/Embed', abilities: ['embed'] }),
    ]);
  });

  it('is asked for log probabilities by their number, and gives them as lists', async () => {
    const parts = await ask({ logprobs: { top: 2 } });
    expect(sent()).toMatchObject({ logprobs: 2 });
    expect(sent()).not.toHaveProperty('top_logprobs');
    expect(parts[0]).toMatchObject({ type: 'text', text: 'Hello', logprobs: [{ token: 'Hello', logprob: -0.125, top: [{}, {}] }] });
    await ask({ logprobs: { top: 0 } });
    expect(sent()).toMatchObject({ logprobs: 1 });
  });

  it('ends by its own word for the end', async () => {
    const parts = await ask();
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop' });
  });

  it('takes the samplers of open models, and is told to think or not to', async () => {
    await ask({ sampling: { topK: 40, minP: 0.1, repetitionPenalty: 1.1 }, thinking: { effort: 'none' } });
    expect(sent()).toMatchObject({ top_k: 40, min_p: 0.1, repetition_penalty: 1.1, reasoning: { enabled: false } });
    expect(sent()).not.toHaveProperty('reasoning_effort');
    await ask({ thinking: { effort: 'max' } });
    expect(sent()).toMatchObject({ reasoning_effort: 'high' });
  });

  it('continues a raw text', async () => {
    const parts = await collect(engine().text?.({ model: 'vendor/Base-7B', prompt: 'Once', echo: true }, unstopped()));
    expect(textOf(parts)).toMatch(/^OnceHello/);
  });
});
