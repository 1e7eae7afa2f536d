import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVllm } from '../testing/emulators/vllm.ts';
import { asObject } from '../testing/kit/exchange.ts';
import type { Emulator } from '../testing/kit/start-emulator.ts';
import { collect, openEngine, unstopped, userMessage } from '../testing/open-engine.ts';
import { vllm } from './vllm.ts';

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startVllm();
});
afterEach(() => emulator.close());

const open = () => openEngine(vllm, { baseUrl: emulator.url });
const model = 'org/tiny-instruct';
const lastBody = () => asObject(emulator.requests.at(-1)?.body);

describe('vLLM', () => {
  it('tells its window and counts tokens', async () => {
    expect(await open().contextWindow?.(model, unstopped())).toBe(8192);
    expect(await open().countTokens?.({ model, text: 'one two three' }, unstopped())).toBeGreaterThan(0);
    expect(await open().countTokens?.({ model, messages: [userMessage('one two three')] }, unstopped())).toBeGreaterThan(0);
  });

  it('is told how much room a raw text leaves, because it would stop after 16 tokens', async () => {
    const prompt = 'one two three';
    await collect(open().text?.({ model, prompt }, unstopped()));
    const tokens = (await open().countTokens?.({ model, text: prompt }, unstopped())) ?? 0;
    expect(emulator.requests.findLast(({ wantsAnswer }) => wantsAnswer)?.body).toMatchObject({ max_tokens: 8192 - tokens - 1 });
    await collect(open().text?.({ model, prompt, maxOutputTokens: 7 }, unstopped()));
    expect(lastBody()).toMatchObject({ max_tokens: 7 });
  });

  it('tells how many calls it has to do', async () => {
    expect(await open().room?.(model, unstopped())).toEqual({ busy: 0 });
  });

  it('is asked for a form, for thinking and for the rest of an answer in its own words', async () => {
    const ask = (more: object) => collect(open().chat?.({ model, messages: [userMessage('Hi')], ...more }, unstopped()));
    await ask({ responseFormat: { type: 'regex', pattern: 'a+' }, sampling: { bannedStrings: ['x'], banEos: true } });
    expect(lastBody()).toMatchObject({ structured_outputs: { regex: 'a+' }, bad_words: ['x'], ignore_eos: true });
    await ask({ responseFormat: { type: 'grammar', grammar: 'root ::= "a"' }, thinking: { effort: 'high', budgetTokens: 3 } });
    expect(lastBody()).toMatchObject({
      structured_outputs: { grammar: 'root ::= "a"' },
      thinking_token_budget: 3,
      chat_template_kwargs: { enable_thinking: true },
    });
    await ask({ messages: [userMessage('Hi'), { role: 'assistant', content: [{ type: 'text', text: 'So' }], prefix: true }] });
    expect(lastBody()).toMatchObject({ continue_final_message: true, add_generation_prompt: false });
  });
});
