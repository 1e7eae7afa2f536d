import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { startXai, type XaiOptions } from '../../testing/emulators/xai.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { hasEffort, isReasoningModel } from './models.ts';
import { xai } from './xai.ts';

const key = ['xai', 'test', '0123456789'].join('-');
let emulator: Emulator;

beforeEach(() => start());
afterEach(() => emulator.close());

async function start(options: XaiOptions = {}): Promise<void> {
  await emulator?.close();
  emulator = await startXai({ apiKey: key, ...options });
}

const engine = () => openEngine(xai, { baseUrl: emulator.url }, { key });
const ask = (model: string, more: Partial<ChatRequest> = {}) =>
  collect(engine().chat?.({ model, messages: [userMessage('Hi')], ...more }, unstopped()));
const sent = () => asObject(emulator.requests.at(-1)?.body);

describe('xAI', () => {
  it('gets penalties and stop texts only for models that take them; the others are stopped by us', async () => {
    const more = { sampling: { temperature: 0.5, presencePenalty: 1 }, stop: [' grüße'] };
    expect(textOf(await ask('grok-3', more))).toBe('Hello from the emulator:');
    expect(sent()).toMatchObject({ presence_penalty: 1, stop: [' grüße'] });
    const parts = await ask('grok-4.3', more);
    expect(textOf(parts)).toBe('Hello from the emulator:');
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop' });
    expect(sent()).not.toHaveProperty('presence_penalty');
    expect(sent()).not.toHaveProperty('stop');
  });

  it('is told how much to think where it listens', async () => {
    for (const [model, effort, expected] of [
      ['grok-4.3', 'max', 'high'],
      ['grok-4.3', 'none', 'none'],
      ['grok-4.5', 'none', 'low'],
      ['grok-4.6', 'max', 'xhigh'],
      ['grok-latest', 'minimal', 'low'],
    ] as const) {
      await ask(model, { thinking: { effort } });
      const { reasoning_effort, reasoning } = sent();
      expect(reasoning_effort ?? asObject(reasoning).effort, model).toBe(expected);
    }
    await ask('grok-4.20-reasoning', { thinking: { effort: 'low' } });
    expect(sent()).not.toHaveProperty('reasoning');
    emulator.next({ raw: { status: 400, body: { code: 'x', error: 'Argument not supported on this model: reasoningEffort' } } }, {});
    expect(textOf(await ask('grok-latest', { thinking: { effort: 'low' } }))).not.toBe('');
    expect(asObject(sent().reasoning)).not.toHaveProperty('effort');
  });

  it('tells its thoughts and gets them back with the results of tools, where it has Responses', async () => {
    emulator.scenario = { thoughts: ['Hm', '.'], toolCalls: [{ name: 'f', arguments: '{}' }] };
    const asked = { tools: [{ name: 'f' }], thinking: { effort: 'low' }, sampling: { temperature: 0.5 } } as const;
    const parts = await ask('grok-4.3', { ...asked, tools: [...asked.tools] });
    expect(emulator.requests.at(-1)?.path).toBe('/v1/responses');
    expect(sent()).toMatchObject({ store: false, temperature: 0.5, reasoning: { effort: 'low' } });
    const thoughts = parts.filter((part) => part.type === 'thought');
    expect(thoughts.map(({ text }) => text).join('')).toContain('Hm.');
    const call = parts.find((part) => part.type === 'tool-call');
    const id = call?.id ?? '';
    emulator.scenario = {};
    const turn: Message[] = [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      userMessage('Hi'),
      { role: 'assistant', content: [...thoughts, { type: 'tool-call', id, name: 'f', arguments: '{}' }] },
      { role: 'tool', content: [{ type: 'tool-result', callId: id, content: [{ type: 'text', text: '1' }] }] },
    ];
    expect(textOf(await ask('grok-4.3', { messages: turn, tools: [{ name: 'f' }] }))).not.toBe('');
    expect(sent().input).toMatchObject([
      { role: 'system' },
      { role: 'user' },
      { type: 'reasoning', encrypted_content: expect.any(String) },
      { type: 'function_call', call_id: id },
      { type: 'function_call_output', call_id: id, output: '1' },
    ]);
  });

  it('is asked by Chat Completions at a gateway that has nothing else', async () => {
    await emulator.close();
    emulator = await startXai({ apiKey: key, hasNoResponses: true });
    expect(textOf(await ask('grok-4.3', { thinking: { effort: 'low' } }))).not.toBe('');
    expect(sent()).toMatchObject({ reasoning_effort: 'low' });
  });

  it('is asked again without what a model nobody knows refuses in its own spelling', async () => {
    const refuse = (parameter: string) => ({
      raw: {
        status: 400,
        body: { code: 'Client specified an invalid argument', error: `Model x does not support parameter ${parameter}.` },
      },
    });
    emulator.next(refuse('presencePenalty'), refuse('frequencyPenalty'), {});
    const parts = await ask('grok-3', { sampling: { presencePenalty: 1, frequencyPenalty: 1, topP: 0.5 } });
    expect(textOf(parts)).not.toBe('');
    expect(sent()).toMatchObject({ top_p: 0.5 });
    expect(sent()).not.toHaveProperty('frequency_penalty');
  });

  it('counts reasoning as output, and tells what an answer cost', async () => {
    emulator.scenario = { thoughts: ['Hm', '.'] };
    const end = (await ask('grok-4.3')).at(-1);
    // One token in and thirteen out: 337,500 ticks of 1e-10 dollars.
    expect(end).toMatchObject({ usage: { inputTokens: 1, outputTokens: 13, reasoningTokens: 2, costMicroUsd: 34 } });
    expect(sent()).not.toHaveProperty('stream_options');
  });

  it('calls several tools at once under another name', async () => {
    await ask('grok-3', { tools: [{ name: 'f' }], parallelToolCalls: false });
    expect(sent()).toMatchObject({ parallel_function_calling: false });
  });

  it('has an error for one though the status of the stream is 200', async () => {
    const body = { code: 'The service is currently unavailable', error: 'Service temporarily overloaded.' };
    emulator.scenario = { raw: { status: 200, body } };
    await expect(ask('grok-4.3')).rejects.toMatchObject({ code: 'overloaded', message: expect.stringContaining('Service temporarily') });
  });

  it('lists models with prices, windows and abilities, without those for pictures', async () => {
    expect(await engine().models?.(unstopped())).toEqual([
      {
        id: 'grok-4.3',
        contextWindow: 131_072,
        abilities: ['chat', 'tools', 'schema', 'images', 'thinking'],
        price: { inputMicroUsdPerMillion: 1_250_000, outputMicroUsdPerMillion: 2_500_000, cachedInputMicroUsdPerMillion: 200_000 },
      },
      expect.objectContaining({ id: 'grok-4.20-reasoning' }),
      expect.objectContaining({ id: 'grok-3', abilities: ['chat', 'tools', 'schema'] }),
    ]);
  });

  it('lists what a key may see that may not see prices', async () => {
    await start({ hidesPrices: true });
    expect((await engine().models?.(unstopped()))?.[0]).toEqual({ id: 'grok-4.3', contextWindow: 131_072 });
  });

  it('knows which of its models reason, and which will not be told how much', () => {
    expect(['grok-4.6', 'grok-4-fast-reasoning', 'grok-3-mini', 'grok-code-fast-1', 'grok-latest'].filter(isReasoningModel)).toHaveLength(
      5,
    );
    expect(['grok-3', 'grok-4.20-non-reasoning', 'grok-2-vision'].filter(isReasoningModel)).toEqual([]);
    expect(['grok-4.20-reasoning', 'grok-4.20-0309-reasoning', 'grok-build-0.1'].filter(hasEffort)).toEqual([]);
    expect(['grok-4.20-multi-agent', 'grok-4.5'].filter(hasEffort)).toHaveLength(2);
  });
});
