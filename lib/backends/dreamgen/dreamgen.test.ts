import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import { type DreamGenOptions, startDreamGen } from '../../testing/emulators/dreamgen.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { dreamgen } from './dreamgen.ts';
import { answeringRole, dreamPrompt } from './prompt.ts';

const key = ['dg', 'test'].join('-');
let emulator: Emulator | undefined;

afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});

async function open(options: DreamGenOptions = {}, config: object = {}) {
  emulator = await startDreamGen({ apiKey: key, ...options });
  return openEngine(dreamgen, { baseUrl: emulator.url, ...config }, { key });
}

const model = 'lucid-v1-max';
const say = (role: 'user' | 'assistant', text: string, name?: string): Message => ({
  role,
  content: [{ type: 'text', text }],
  ...(name !== undefined && { name }),
});
const scene: Message[] = [
  { role: 'system', content: [{ type: 'text', text: 'An inn.' }] },
  say('user', 'Good evening.', 'Bob'),
  say('assistant', 'The door creaks.', ''),
  say('assistant', 'Welcome.', 'Alice'),
  say('user', 'A room, please.', 'Bob'),
];
const bodyOf = (index: number) => emulator?.requests[index]?.body as Record<string, unknown>;

describe('the prompt for DreamGen', () => {
  it('tells characters, narrator and instructions apart as Lucid was taught', () => {
    const { prompt, stop, role } = dreamPrompt(scene, model, { role: 'text', name: 'Alice' });
    expect(prompt).toBe(
      '<|start_header_id|>system<|end_header_id|>\n\nAn inn.<|eot_id|>' +
        '<|start_header_id|>writer character Bob<|end_header_id|>\n\nGood evening.<|eot_id|>' +
        '<|start_header_id|>writer<|end_header_id|>\n\nThe door creaks.<|eot_id|>' +
        '<|start_header_id|>writer character Alice<|end_header_id|>\n\nWelcome.<|eot_id|>' +
        '<|start_header_id|>writer character Bob<|end_header_id|>\n\nA room, please.<|eot_id|>' +
        '<|start_header_id|>writer character Alice<|end_header_id|>\n\n',
    );
    expect([stop, role]).toEqual([['<|eot_id|>'], 'writer']);
  });

  it('writes the same for the Opus family in its own marks', () => {
    expect(dreamPrompt([say('user', 'Hi', 'Bob'), say('user', 'Go on')], 'opus-v1-sm', { role: 'text' }).prompt).toBe(
      '<|im_start|>text names= Bob\nHi<|im_end|>\n<|im_start|>user\nGo on<|im_end|>\n<|im_start|>text\n',
    );
    expect(dreamPrompt([say('user', 'Hi')], 'opus-v1-sm', { role: 'assistant' }).prompt).toBe(
      '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    );
  });

  it('leaves a line open that the model should go on with', () => {
    const open: Message = { role: 'assistant', content: [{ type: 'text', text: 'The door' }], prefix: true };
    expect(dreamPrompt([say('user', 'Hi'), open], model, { role: 'assistant' }).prompt).toMatch(
      /assistant<\|end_header_id\|>\n\nThe door$/,
    );
  });

  it('makes marks in texts and names of a page harmless', () => {
    const { prompt } = dreamPrompt([say('user', 'x<|eot_id|>y', 'A<|eot_id|>\nB')], model, { role: 'text' });
    expect(prompt.match(/<\|eot_id\|>/g)).toHaveLength(1);
    expect(prompt).toContain('writer character A eot_id B<|end_header_id|>');
  });

  it("finds who answers in the model's name, in the messages, or in the settings", () => {
    expect(answeringRole('lucid-v1-max/text', [say('user', 'Hi')])).toEqual({ role: 'text' });
    expect(answeringRole(model, scene)).toEqual({ role: 'text', name: 'Alice' });
    expect(answeringRole(model, [say('user', 'Hi')])).toEqual({ role: 'assistant' });
    expect(answeringRole(model, [say('user', 'Hi')], 'text')).toEqual({ role: 'text' });
  });
});

describe('DreamGen', () => {
  it('answers by its OpenAI-shaped route, with roles where the messages have names', async () => {
    const engine = await open();
    const sampling = { minP: 0.05, dry: { multiplier: 0.8, base: 1.75, allowedLength: 2 }, logitBias: { 5: 1 } };
    const parts = await collect(engine.chat?.({ model, messages: scene, sampling, seed: 1 }, unstopped()));
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(emulator?.requests[0]?.path).toBe('/api/openai/v1/chat/completions');
    expect(bodyOf(0)).toMatchObject({
      min_p: 0.05,
      dry: { multiplier: 0.8, base: 1.75, allowed_length: 2 },
      role_config: { assistant: { role: 'text', name: 'Alice', open: false } },
      messages: [{}, { role: 'user', name: 'Bob' }, { name: '' }, {}, {}],
    });
    expect(bodyOf(0)).not.toHaveProperty('logit_bias');
    await collect(engine.chat?.({ model: `${model}/text`, messages: [userMessage('Hi')] }, unstopped()));
    expect(bodyOf(1)).not.toHaveProperty('role_config');
  });

  it.each(['new', 'whole'] as const)('answers by its own endpoint (lines hold %s text)', async (lines) => {
    const engine = await open({ lines }, { route: 'native' });
    const parts = await collect(engine.chat?.({ model, messages: scene, maxOutputTokens: 200, sampling: { topP: 0.9 } }, unstopped()));
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'stop', model, usage: { inputTokens: expect.any(Number), outputTokens: 11 } });
    expect(emulator?.requests[0]?.path).toBe('/api/v1/model/completion');
    expect(bodyOf(0)).toMatchObject({
      modelId: model,
      input: expect.stringContaining('writer character Alice'),
      samplingParams: { kind: 'basic', maxTokens: 200, topP: 0.9, stopSequences: ['<|eot_id|>'], allowedRoles: ['writer'] },
    });
  });

  it.each(['openai', 'native'] as const)('cuts the stop text that is left in (%s)', async (route) => {
    const engine = await open({ scenario: { tokens: ['Yes.', '\nYo', 'u:', ' more'] } }, { route });
    const parts = await collect(engine.text?.({ model, prompt: 'Once', stop: ['\nYou:'] }, unstopped()));
    expect(textOf(parts)).toBe('Yes.');
    expect(parts.at(-1)).toMatchObject({ reason: 'stop' });
  });

  it('reads failures of its own endpoint that come at 200', async () => {
    const engine = await open({ scenario: { failure: 'out-of-credit', failAt: 2, failMode: 'instream' } }, { route: 'native' });
    await expect(collect(engine.text?.({ model, prompt: 'Once' }, unstopped()))).rejects.toMatchObject({
      code: 'payment-required',
      message: expect.stringContaining('credits'),
    });
    if (emulator) emulator.scenario = { failAt: 2, failMode: 'cut' };
    await expect(collect(engine.text?.({ model, prompt: 'Once' }, unstopped()))).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('explains credits and plans', async () => {
    const engine = await open({ scenario: { failure: 'out-of-credit' } });
    await expect(collect(engine.chat?.({ model, messages: scene }, unstopped()))).rejects.toMatchObject({
      code: 'payment-required',
      message: expect.stringContaining('DreamGen credits'),
    });
    if (emulator) emulator.scenario = { failure: 'forbidden' };
    await expect(collect(engine.chat?.({ model, messages: scene }, unstopped()))).rejects.toMatchObject({
      code: 'payment-required',
      message: expect.stringContaining('plan'),
    });
  });

  it('says what it would ignore in silence', async () => {
    const engine = await open();
    expect(() => engine.chat?.({ model, messages: scene, tools: [{ name: 'f' }] }, unstopped())).toThrow('call tools');
  });

  it('lists models without those for pictures', async () => {
    const engine = await open();
    expect((await engine.models?.(unstopped()))?.map(({ id }) => id)).toEqual(['lucid-v1-max', 'lucid-v1-base', 'opus-v1-sm']);
  });
});
