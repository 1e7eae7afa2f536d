import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { startDeepSeek } from '../../testing/emulators/deepseek.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { balanceOf } from './balance.ts';
import { deepseek } from './deepseek.ts';
import { deepSeekModel } from './models.ts';

const key = ['sk', 'test', 'deepseek'].join('-');
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startDeepSeek({ apiKey: key });
});
afterEach(() => emulator.close());

const engine = (path = '') => openEngine(deepseek, { baseUrl: emulator.url + path }, { key });
const ask = (more: Partial<ChatRequest> = {}, path = '') =>
  collect(engine(path).chat?.({ model: 'deepseek-v4-flash', messages: [userMessage('Hi')], ...more }, unstopped()));
const sent = () => asObject(emulator.requests.at(-1)?.body);
const instruction: Message = { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] };

describe('DeepSeek', () => {
  it('thinks as much as it is asked to, and says what it thought', async () => {
    emulator.scenario = { thoughts: ['Hm', '.'] };
    const parts = await ask({ thinking: { effort: 'medium' } });
    expect(parts.filter((part) => part.type === 'thought').map((part) => part.text)).toEqual(['Hm', '.']);
    expect(sent()).toMatchObject({ thinking: { type: 'enabled' }, reasoning_effort: 'high' });
    await ask({ thinking: { effort: 'none' } });
    expect(sent()).toMatchObject({ thinking: { type: 'disabled' } });
    expect(sent()).not.toHaveProperty('reasoning_effort');
    await ask();
    expect(sent()).not.toHaveProperty('thinking');
  });

  it('gets its thoughts back, and an empty one where the page kept none', async () => {
    const call = { type: 'tool-call', id: 'call_1', name: 'f', arguments: '{}' } as const;
    const result: Message = { role: 'tool', content: [{ type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: '1' }] }] };
    await ask({
      messages: [userMessage('Hi'), { role: 'assistant', content: [{ type: 'thought', text: 'I need f.' }, call] }, result],
      tools: [{ name: 'f' }],
    });
    expect(sent().messages).toMatchObject([{}, { reasoning_content: 'I need f.' }, {}]);
    await ask({ messages: [userMessage('Hi'), { role: 'assistant', content: [call] }, result], tools: [{ name: 'f' }] });
    expect(sent().messages).toMatchObject([{}, { reasoning_content: '' }, {}]);
  });

  it('is asked without penalties, which it no longer has', async () => {
    await ask({ sampling: { temperature: 0.5, presencePenalty: 1, frequencyPenalty: 1 }, model: 'deepseek-flash' });
    expect(sent()).toMatchObject({ temperature: 0.5 });
    expect(Object.keys(sent())).not.toContain('presence_penalty');
  });

  it('holds all tools to their schemas, where that is possible, or none', async () => {
    const parameters = { type: 'object', properties: {} };
    await ask({ tools: [{ name: 'f', parameters, strict: true }] });
    expect(emulator.requests.at(-1)?.path).toBe('/beta/chat/completions');
    await ask({ tools: [{ name: 'f', parameters, strict: true }, { name: 'g' }] });
    expect(emulator.requests.at(-1)?.path).toBe('/chat/completions');
    expect(sent().tools).toMatchObject([{ function: { name: 'f', parameters } }, { function: { name: 'g' } }]);
    expect(JSON.stringify(sent())).not.toContain('strict');
  });

  it('is not given thoughts where it is a version that refuses them', async () => {
    const messages: Message[] = [
      userMessage('Hi'),
      {
        role: 'assistant',
        content: [
          { type: 'thought', text: 'Hm.' },
          { type: 'text', text: 'Yes' },
        ],
      },
      userMessage('Go on'),
    ];
    await ask({ model: 'deepseek-reasoner', messages, thinking: { effort: 'high' } }).catch(() => {});
    expect(sent().messages).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Yes' },
      { role: 'user', content: 'Go on' },
    ]);
    expect(sent()).not.toHaveProperty('reasoning_effort');
  });

  it('is told a schema in words, because it knows JSON and no schema', async () => {
    const schema = { type: 'object', properties: { a: { type: 'integer' } } };
    await ask({ messages: [instruction, userMessage('Hi')], responseFormat: { type: 'json-schema', schema } });
    expect(sent()).toMatchObject({
      response_format: { type: 'json_object' },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'system', content: expect.stringContaining(JSON.stringify(schema)) },
        { role: 'user' },
      ],
    });
  });

  it('is told to write JSON where nobody spoke of it', async () => {
    await ask({ responseFormat: { type: 'json' } });
    expect(sent().messages).toMatchObject([{ role: 'system', content: expect.stringContaining('JSON') }, { role: 'user' }]);
    await ask({ messages: [userMessage('As json, please')], responseFormat: { type: 'json' } });
    expect(sent().messages).toHaveLength(1);
    await expect(ask({ responseFormat: { type: 'regex', pattern: 'a' } })).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('continues a begun answer where it can, and nowhere else', async () => {
    const begun: Message = { role: 'assistant', content: [{ type: 'text', text: 'Once' }], prefix: true };
    expect(textOf(await ask({ messages: [userMessage('Tell.'), begun], seed: 1 }))).not.toBe('');
    expect(emulator.requests.at(-1)).toMatchObject({ path: '/beta/chat/completions' });
    expect(sent().messages).toMatchObject([{}, { content: 'Once', prefix: true }]);
    expect(sent()).not.toHaveProperty('seed');
    await ask({}, '/beta');
    expect(emulator.requests.at(-1)).toMatchObject({ path: '/chat/completions' });
  });

  it('keeps the connection alive with comments and with blank lines before a whole answer', async () => {
    emulator.scenario = { pings: true, chunking: 'random' };
    expect(textOf(await ask())).not.toBe('');
    const answer = JSON.stringify({ choices: [{ index: 0, message: { content: 'Hello' }, finish_reason: 'stop' }] });
    emulator.scenario = { raw: { status: 200, body: `\n\n\n\n${answer}`, headers: { 'content-type': 'application/json' } } };
    expect(textOf(await ask())).toBe('Hello');
  });

  it('has no machine left in the middle of an answer', async () => {
    const body = { choices: [{ index: 0, message: { content: 'Hel' }, finish_reason: 'insufficient_system_resource' }] };
    emulator.scenario = { raw: { status: 200, body } };
    await expect(ask()).rejects.toMatchObject({ code: 'overloaded' });
  });

  it('counts what came from its cache', async () => {
    const usage = { prompt_tokens: 20, completion_tokens: 1, prompt_cache_hit_tokens: 15, prompt_cache_miss_tokens: 5 };
    const body = { choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }], usage };
    emulator.scenario = { raw: { status: 200, body } };
    expect((await ask()).at(-1)).toMatchObject({ usage: { inputTokens: 20, cachedInputTokens: 15 } });
  });

  it('tells what is left on the account, in every currency', async () => {
    expect(await engine().account?.(unstopped())).toEqual({ creditMicroUsd: 10_500_000, note: '7.00 CNY left.' });
    expect(balanceOf({ is_available: false, balance_infos: [{ currency: 'USD', total_balance: '0.00' }] })).toEqual({
      creditMicroUsd: 0,
      note: expect.stringContaining('too little'),
    });
    expect(balanceOf({})).toEqual({});
  });

  it('knows its versions', async () => {
    expect(await engine().models?.(unstopped())).toMatchObject([
      { id: 'deepseek-v4-flash', contextWindow: 1_000_000, abilities: ['chat', 'tools', 'thinking'] },
      { id: 'deepseek-v4-pro' },
    ]);
    expect(deepSeekModel({ id: 'deepseek-v9' })).toEqual({ id: 'deepseek-v9' });
    expect(await engine().contextWindow?.('deepseek-chat', unstopped())).toBe(131_072);
  });
});
