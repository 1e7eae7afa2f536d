import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOpenAi } from '../../testing/emulators/openai.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { effortsOf, samplesUnthinking } from './efforts.ts';
import { isReasoningModel, openAiModel } from './models.ts';
import { openai } from './openai.ts';

const key = ['sk', 'test', '0123456789abcdef'].join('-');
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startOpenAi({ apiKey: key });
});
afterEach(() => emulator.close());

const open = (config: object = {}) => openEngine(openai, { baseUrl: emulator.url, ...config }, { key });
const ask = (model: string, more: object = {}, engine = open()) =>
  engine.chat?.({ model, messages: [userMessage('Hi')], ...more }, unstopped());

describe('OpenAI', () => {
  it('is asked without samplers by models that reason, and by the new name of the limit', async () => {
    const more = { sampling: { temperature: 0.5, topP: 0.9 }, maxOutputTokens: 100, logprobs: { top: 1 } };
    const messages = [{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, userMessage('Hi')];
    const parts = await collect(ask('gpt-5.4-mini', { ...more, messages }));
    expect(textOf(parts)).not.toBe('');
    const body = asObject(emulator.requests.at(-1)?.body);
    expect(body).toMatchObject({
      max_completion_tokens: 100,
      messages: [{ role: 'developer' }, { role: 'user' }],
    });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['temperature']));
  });

  it('gives samplers to a model that reasons while it is told not to, where it takes them', async () => {
    await collect(ask('gpt-5.4-mini', { sampling: { temperature: 0.5 }, thinking: { effort: 'none' } }));
    expect(asObject(emulator.requests.at(-1)?.body)).toMatchObject({ reasoning_effort: 'none', temperature: 0.5 });
    expect(emulator.requests).toHaveLength(1);
    expect(['gpt-5.1', 'gpt-5.6-sol', 'gpt-6-luna', 'gpt-6.1-terra'].every(samplesUnthinking)).toBe(true);
    expect(['o3', 'gpt-5', 'gpt-6-astra', 'gpt-6.1-sol', 'gpt-4o'].some(samplesUnthinking)).toBe(false);
  });

  it.each([
    ['o3', { none: 'low', minimal: 'low', max: 'high' }],
    ['gpt-5-mini', { none: 'minimal', max: 'high' }],
    ['gpt-5.1', { minimal: 'low', max: 'high' }],
    ['gpt-5.5', { minimal: 'low', max: 'xhigh' }],
    ['gpt-5.6-sol', { minimal: 'low' }],
    ['gpt-6-luna', { minimal: 'low' }],
    ['gpt-6-astra', { none: 'low', minimal: 'low' }],
  ])('calls the efforts of %s %j', (model, expected) => {
    expect(effortsOf(model, 'responses')).toEqual(expected);
  });

  it('gets samplers from models that do not', async () => {
    await collect(ask('gpt-4o-mini', { sampling: { temperature: 0.5 }, maxOutputTokens: 5, thinking: { effort: 'low' } }));
    const body = asObject(emulator.requests.at(-1)?.body);
    expect(body).toMatchObject({ temperature: 0.5, max_completion_tokens: 5 });
    expect(body).not.toHaveProperty('reasoning_effort');
  });

  it('is stopped by us where a model that reasons refuses stop texts', async () => {
    const parts = await collect(ask('gpt-5.4-mini', { stop: [' grüße'] }));
    expect(textOf(parts)).toBe('Hello from the emulator:');
    expect(asObject(emulator.requests.at(-1)?.body)).not.toHaveProperty('stop');
  });

  it('is asked again without what a model nobody knows refuses', async () => {
    const refuse = (param: string) => ({
      raw: {
        status: 400,
        body: {
          error: { message: `Unsupported parameter: '${param}'`, type: 'invalid_request_error', param, code: 'unsupported_parameter' },
        },
      },
    });
    emulator.next(refuse('temperature'), refuse('max_completion_tokens'), {});
    const parts = await collect(ask('gpt-4o-mini', { sampling: { temperature: 0.5, topP: 1 }, maxOutputTokens: 5 }));
    expect(textOf(parts)).not.toBe('');
    expect(emulator.requests).toHaveLength(3);
    const body = asObject(emulator.requests.at(-1)?.body);
    expect(body).toMatchObject({ top_p: 1, max_tokens: 5 });
    expect(body).not.toHaveProperty('temperature');
  });

  it.each(['gpt-4o-mini', 'gpt-5-pro'])('is asked for %s in one piece where the account may not have it streamed', async (model) => {
    const message = 'Your organization must be verified to stream this model.';
    emulator.next({ raw: { status: 400, body: { error: { message, param: 'stream', code: 'unsupported_value' } } } }, {});
    expect(textOf(await collect(ask(model)))).toBe('Hello from the emulator: grüße, 你好, 👋.');
    const body = asObject(emulator.requests.at(-1)?.body);
    expect(body).toMatchObject({ stream: false });
    expect(body).not.toHaveProperty('stream_options');
  });

  it.each([
    ['OpenAI', { error: { message: 'no', param: 'stream_options', code: 'unsupported_parameter' } }],
    [
      'FastAPI',
      { detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options', 'include_usage'], msg: 'Extra inputs are not permitted' }] },
    ],
    [
      'an old gateway',
      { error: { message: 'Unrecognized request argument supplied: stream_options', type: 'invalid_request_error', param: null } },
    ],
  ])('is understood when it refuses a field in the words of %s', async (_whose, body) => {
    emulator.next({ raw: { status: 422, body } }, {});
    expect(textOf(await collect(ask('gpt-4o-mini')))).not.toBe('');
    expect(asObject(emulator.requests.at(-1)?.body)).not.toHaveProperty('stream_options');
  });

  it('is asked with another role for instructions where a model wants that', async () => {
    const error = { message: "'messages[0].role' does not support 'system'", param: 'messages[0].role', code: 'unsupported_value' };
    emulator.next({ raw: { status: 400, body: { error } } }, {});
    await collect(ask('gpt-4o-mini', { messages: [{ role: 'system', content: [{ type: 'text', text: 'S' }] }, userMessage('Hi')] }));
    expect(asObject(emulator.requests.at(-1)?.body).messages).toMatchObject([{ role: 'developer' }, { role: 'user' }]);
  });

  it('is not asked again for what matters', async () => {
    const error = { message: 'no tools', param: 'tools', code: 'unsupported_parameter' };
    emulator.scenario = { raw: { status: 400, body: { error } } };
    await expect(collect(ask('gpt-4o-mini', { tools: [{ name: 'f' }] }))).rejects.toMatchObject({ code: 'bad-request' });
    expect(emulator.requests).toHaveLength(1);
  });

  it('hears of the organisation and the project', async () => {
    await collect(ask('gpt-4o-mini', {}, open({ organisation: 'org-1', project: 'proj_1' })));
    expect(emulator.requests.at(-1)?.headers).toMatchObject({ 'openai-organization': 'org-1', 'openai-project': 'proj_1' });
  });

  it('lists models for chat, text and vectors, with what is known of their families', async () => {
    const models = await open().models?.(unstopped());
    expect(models).toMatchObject([
      { id: 'gpt-4o-mini', contextWindow: 128_000, abilities: ['chat', 'tools', 'images', 'files', 'schema'] },
      { id: 'gpt-5.4-mini', contextWindow: 400_000 },
      { id: 'gpt-3.5-turbo-instruct', abilities: ['text'] },
      { id: 'text-embedding-3-small', abilities: ['embed'] },
      { id: 'gpt-5-pro', contextWindow: 400_000 },
    ]);
    expect(['whisper-1', 'dall-e-3', 'o3-deep-research', 'gpt-realtime', 'gpt-live-1'].map((id) => openAiModel({ id }))).toEqual(
      Array(5).fill(undefined),
    );
    expect(openAiModel({ id: 'gpt-audio-mini' })).toMatchObject({ abilities: ['chat', 'tools', 'audio'] });
    expect(openAiModel({ id: 'gpt-6-luna' })).toMatchObject({ contextWindow: 1_050_000, maxOutputTokens: 128_000 });
    expect(openAiModel({ id: 'something-new' })).toEqual({ id: 'something-new' });
  });

  it.each(['o1', 'o3-mini', 'gpt-5', 'gpt-5.4-mini', 'gpt-5.2-chat-latest', 'gpt-10', 'ft:gpt-5:x'])(
    'takes %s for a model that reasons',
    (id) => {
      expect(isReasoningModel(id)).toBe(true);
    },
  );

  it.each(['gpt-4o', 'gpt-5-chat-latest', 'gpt-audio', 'chatgpt-4o-latest', 'omni-moderation', ''])('does not take %s for one', (id) => {
    expect(isReasoningModel(id)).toBe(false);
  });

  it('counts tokens at the service, and says where a gateway does not', async () => {
    const emulator = await startOpenAi({ apiKey: 'k' });
    const count = { model: 'gpt-4o-mini', messages: [userMessage('Hi')], tools: [{ name: 'look' }] };
    expect(await openEngine(openai, { baseUrl: emulator.url }, { key: 'k' }).countTokens?.(count, unstopped())).toBeGreaterThan(0);
    expect(emulator.requests.at(-1)?.body).toMatchObject({ input: [{ role: 'user', content: 'Hi' }], tools: [{ name: 'look' }] });
    await emulator.close();
    const gateway = await startOpenAi({ apiKey: 'k', hasNoResponses: true });
    const counted = openEngine(openai, { baseUrl: gateway.url }, { key: 'k' }).countTokens?.({ model: 'm', text: 'Hi' }, unstopped());
    await expect(counted).rejects.toMatchObject({ code: 'not-supported' });
    await gateway.close();
  });
});
