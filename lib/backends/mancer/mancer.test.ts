import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import { startMancer } from '../../testing/emulators/mancer.ts';
import type { Emulator, EmulatorOptions } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { mancer } from './mancer.ts';

const key = ['mcr', 'test'].join('-');
let emulator: Emulator | undefined;

afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});

async function open(options: EmulatorOptions = {}, config: object = {}) {
  emulator = await startMancer({ apiKey: key, ...options });
  return openEngine(mancer, { baseUrl: emulator.url, ...config }, { key });
}

const chat = { model: 'mytholite', messages: [userMessage('Hi')] };
const bodyOf = (index: number) => emulator?.requests[index]?.body as Record<string, unknown>;

describe('Mancer', () => {
  it('takes its own counts for the usage, the last of each', async () => {
    const engine = await open({ scenario: { chunking: 'random' } });
    const parts = await collect(engine.chat?.(chat, unstopped()));
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(parts.at(-1)).toMatchObject({ reason: 'stop', usage: { inputTokens: expect.any(Number), outputTokens: 11 } });
    expect(emulator?.requests[0]?.headers['x-api-key']).toBe(key);
  });

  it('sends every sampler by its own name, and penalties within their range', async () => {
    const engine = await open({}, { allowLogging: true });
    const sampling = {
      temperature: 1,
      topA: 0.1,
      tailFree: 0.9,
      repetitionPenalty: 0.5,
      mirostat: { mode: 2 as const, tau: 5 },
      dynamicTemperature: { range: 0.5, exponent: 1 },
      xtc: { threshold: 0.1, probability: 0.5 },
      dry: { multiplier: 1, range: 9, breakers: ['x'] },
      banEos: true,
    };
    await collect(engine.chat?.({ ...chat, sampling, stop: ['a'], seed: 3 }, unstopped()));
    expect(bodyOf(0)).toEqual({
      model: 'mytholite',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      temperature: 1,
      top_a: 0.1,
      tfs: 0.9,
      repetition_penalty: 1,
      mirostat_mode: 2,
      mirostat_tau: 5,
      dynatemp_mode: 1,
      dynatemp_min: 0.5,
      dynatemp_max: 1.5,
      dynatemp_exponent: 1,
      xtc_threshold: 0.1,
      xtc_probability: 0.5,
      dry_multiplier: 1,
      dry_range: 9,
      dry_sequence_breakers: ['x'],
      ignore_eos: true,
      stop: ['a'],
      seed: 3,
      allow_logging: true,
    });
  });

  it('leaves the choice among tools to the model, and offers what the caller chose', async () => {
    const engine = await open();
    const tools = [{ name: 'f' }, { name: 'g' }];
    for (const toolChoice of ['required', 'none', { name: 'g' }] as const)
      await collect(engine.chat?.({ ...chat, tools, toolChoice }, unstopped()));
    expect(bodyOf(0)).toMatchObject({ tools: [{}, {}] });
    expect(bodyOf(1)).not.toHaveProperty('tools');
    expect(bodyOf(2)).toMatchObject({ tools: [{ function: { name: 'g' } }] });
    expect(emulator?.requests.some(({ body }) => 'tool_choice' in (body as object))).toBe(false);
  });

  it('lists models with limits and prices in credits, and refuses a wrong key there', async () => {
    const engine = await open();
    expect((await engine.models?.(unstopped()))?.[0]).toEqual({
      id: 'mytholite',
      name: 'MythoLite',
      contextWindow: 8192,
      maxOutputTokens: 512,
      description: 'Credits a token: 0.2 in, 0.3 out',
    });
    const wrong = openEngine(mancer, { baseUrl: emulator?.url }, { key: `${key}-not` });
    await expect(wrong.models?.(unstopped())).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('says that credits are used up', async () => {
    const engine = await open({ scenario: { failure: 'out-of-credit' } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({
      code: 'payment-required',
      message: expect.stringContaining('Mancer credits'),
    });
  });

  it('goes on with an answer that has begun', async () => {
    const engine = await open();
    const begun: Message = { role: 'assistant', content: [{ type: 'text', text: 'Once' }], prefix: true };
    await collect(engine.chat?.({ ...chat, messages: [...chat.messages, begun] }, unstopped()));
    expect(bodyOf(0)).toMatchObject({ respond_as: { role: 'continue' } });
  });

  it('continues raw text', async () => {
    const engine = await open();
    expect(textOf(await collect(engine.text?.({ model: 'mytholite', prompt: 'Once' }, unstopped())))).toContain('Hello');
  });
});
