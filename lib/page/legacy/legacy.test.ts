import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../protocol/errors.ts';
import { refusal } from '../../protocol/page-errors.ts';
import type { Part } from '../../protocol/part.ts';
import { end, fails, model, page, says, text, turns } from '../../testing/road.ts';

const messages = [{ role: 'user' as const, content: 'Hi' }];

/** The page, and what its router was asked. */
function remembering(...batches: Part[][]) {
  const asked: Record<string, unknown>[] = [];
  const chat = (
    _: unknown,
    request: Record<string, unknown>,
    __: unknown,
    ___: unknown,
    through = (ask: (one: typeof request) => unknown) => ask(request),
  ) =>
    through((one) => {
      asked.push(one);
      return says(...batches)(undefined as never, undefined as never, undefined as never);
    });
  return { asked, ...page({ chat: chat as never, models: async () => [model] }) };
}

describe('generateText of the old Window AI', () => {
  it('answers a prompt with texts and messages with messages, always a list', async () => {
    const { ai, asked } = remembering([text('Hel'), text('lo'), end]);
    expect(await ai.generateText({ prompt: 'Hi' })).toEqual([{ text: 'Hello' }]);
    expect(await ai.generateText({ messages })).toEqual([{ message: { role: 'assistant', content: 'Hello' } }]);
    expect(asked).toEqual(Array(2).fill({ model: 'default', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] }));
  });

  it('carries every option, and null for "not given"', async () => {
    const { ai, asked } = remembering([text('x'), end]);
    await ai.generateText({ prompt: 'Hi' }, { temperature: 0, maxTokens: 5, stopSequences: ['END'], model: 'local/tiny', numOutputs: 1 });
    await ai.generateText({ prompt: 'Hi' }, { temperature: null, maxTokens: null, stopSequences: null, model: null, onStreamResult: null });
    expect(asked).toEqual([
      expect.objectContaining({ sampling: { temperature: 0 }, maxOutputTokens: 5, stop: ['END'], model: 'local/tiny' }),
      { model: 'default', messages: expect.anything() },
    ]);
  });

  it('tells what is new, marked as partial, before it resolves with the whole', async () => {
    const { ai } = remembering([text('Hel')], [text('lo')], [end]);
    const heard: unknown[] = [];
    const whole = await ai.generateText({ messages }, { onStreamResult: (...given) => heard.push(given) });
    const partial = (content: string) => [{ message: { role: 'assistant', content }, isPartial: true }, null];
    expect(heard).toEqual([partial('Hel'), partial('lo')]);
    expect(whole).toEqual([{ message: { role: 'assistant', content: 'Hello' } }]);
  });

  it('gives several outputs, which are not streamed', async () => {
    const { ai, asked } = remembering([text('a'), end]);
    const heard: unknown[] = [];
    expect(await ai.generateText({ prompt: 'Hi' }, { numOutputs: 3, onStreamResult: (given) => heard.push(given) })).toEqual(
      Array(3).fill({ text: 'a' }),
    );
    expect([asked.length, heard]).toEqual([3, []]);
  });

  it.each([
    ['denied', 'PERMISSION_DENIED'],
    ['needs-user', 'PERMISSION_DENIED'],
    ['not-configured', 'NOT_AUTHENTICATED'],
    ['unauthorized', 'NOT_AUTHENTICATED'],
    ['payment-required', 'PAYMENT_REQUIRED'],
    ['budget-exceeded', 'PAYMENT_REQUIRED'],
    ['bad-request', 'INVALID_REQUEST'],
    ['gone', 'REQUEST_NOT_FOUND'],
    ['rate-limited', 'MODEL_REJECTED_REQUEST: 429: Too many requests. Wait before asking again.'],
  ] as [ErrorCode, string][])('rejects with a bare string, and tells listeners the same: %s', async (code, expected) => {
    const { ai } = page({ chat: fails(refusal(code)), queryAccess: async () => ({ state: 'prompt', models: [] }) });
    const heard: unknown[] = [];
    ai.addEventListener((...given) => heard.push(given));
    const failed = await ai.generateText({ prompt: 'Hi' }, { onStreamResult: (...given) => heard.push(given) }).catch((error) => error);
    await turns();
    expect(failed).toBe(expected);
    expect(heard).toEqual([
      [null, expected],
      ['error', expected],
    ]);
  });

  it('rejects with a bare string when the background ends', async () => {
    const { ai, kill } = page({
      async *chat() {
        yield [text('a')];
        await new Promise(() => {});
      },
    });
    const answer = ai.generateText({ prompt: 'Hi' }).catch((error) => error);
    await turns();
    kill();
    expect(await answer).toBe('MODEL_REJECTED_REQUEST: The answer was cut off before its end.');
  });

  it.each([
    [undefined, undefined, 'Invalid input'],
    [{}, undefined, 'Invalid input'],
    ['Hi', undefined, 'Invalid input'],
    [{ prompt: 5 }, undefined, 'Invalid input'],
    [{ messages: [] }, undefined, 'Invalid input'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, undefined, 'Invalid input'],
    [{ prompt: 'Hi' }, 'options', 'Invalid options'],
    [{ prompt: 'Hi' }, { onStreamResult: 'x' }, 'Invalid options'],
    [{ prompt: 'Hi' }, { temperature: 3 }, 'Invalid options'],
    [{ prompt: 'Hi' }, { numOutputs: 0 }, 'Invalid options'],
    [{ prompt: 'Hi' }, { maxTokens: 'x' }, 'Invalid options'],
  ])('rejects with an Error where the arguments are wrong: %j, %j', async (input, options, message) => {
    const { ai } = remembering([text('x'), end]);
    const failed = await ai.generateText(input as never, options as never).catch((error) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(failed.message).toBe(message);
  });

  it('goes on when a callback throws', async () => {
    const { ai } = remembering([text('a')], [text('b')], [end]);
    const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
    expect(
      await ai.generateText(
        { prompt: 'Hi' },
        {
          onStreamResult(result) {
            if (result && 'text' in result && result.text === 'a') throw new Error('of the page');
          },
        },
      ),
    ).toEqual([{ text: 'ab' }]);
    expect(await thrown).toMatchObject({ message: 'of the page' });
  });
});

describe('the rest of the old Window AI', () => {
  it('says who it is', () => {
    const { ai } = page({});
    expect(ai.__window_ai_metadata__).toEqual({ domain: 'https://windowai.io', version: '1.2.3' });
    expect(Object.isFrozen(ai.__window_ai_metadata__)).toBe(true);
  });

  it('unwraps the one output of getCompletion', async () => {
    const { ai } = remembering([text('a'), end]);
    expect(await ai.getCompletion({ prompt: 'Hi' })).toEqual({ text: 'a' });
    expect(await ai.getCompletion({ prompt: 'Hi' }, { numOutputs: 2 })).toEqual([{ text: 'a' }, { text: 'a' }]);
  });

  it('always has a text for the current model', async () => {
    expect(await page({ models: async () => [model] }).ai.getCurrentModel()).toBe('local/tiny');
    expect(await page({ models: async () => [] }).ai.getCurrentModel()).toBe('default');
  });

  it('tells listeners of another model', async () => {
    let models = [model];
    const { ai, change } = page({ queryAccess: async () => ({ state: 'granted', models }) });
    const heard: unknown[] = [];
    expect(ai.addEventListener((...given) => heard.push(given))).toEqual(expect.any(String));
    await turns();
    models = [{ ...model, id: 'other' }];
    change();
    await turns();
    expect(heard).toEqual([['model_changed', { model: 'other' }]]);
  });

  it('refuses what it does not do, and settles', async () => {
    const { ai } = page({});
    expect(await ai.BETA_generate3DObject({ prompt: 'A chair' }).catch((error) => error)).toMatch(/^MODEL_REJECTED_REQUEST: 400: /);
    expect(await ai.BETA_updateModelProvider({ baseUrl: 'https://a.example' }).catch((error) => error)).toBe('PERMISSION_DENIED');
  });
});
