import { describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { createNativeModel, type FakeNativeModel, type NativeModelOptions } from '../../testing/native-model.ts';
import { collect, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import type { Engine, Resources } from '../backend.ts';
import { chrome } from './chrome.ts';

const http = { request: () => Promise.reject(new Error('nobody is asked')) };

function open(options: NativeModelOptions = {}): { engine: Engine; native: FakeNativeModel } {
  const native = createNativeModel(options);
  return { native, engine: chrome.open({}, { http, secret: () => undefined, nativeModel: native }) };
}

const ask = (engine: Engine, more: Partial<ChatRequest> = {}, signal = unstopped()) =>
  collect(engine.chat?.({ model: 'built-in', messages: [userMessage('Hi')], ...more }, signal));
const said = (role: 'system' | 'assistant', text: string, prefix?: true): Message =>
  ({ role, content: [{ type: 'text', text }], ...(prefix && { prefix }) }) as Message;

describe("the browser's own model", () => {
  it('answers in pieces, says what it took, and leaves no session behind', async () => {
    const { engine, native } = open();
    const parts = await ask(engine);
    expect(parts).toEqual([
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo' },
      { type: 'end', reason: 'stop', usage: { inputTokens: 2, outputTokens: 1 } },
    ]);
    expect(native.open).toBe(0);
  });

  it('hears the instructions first, then the history, and is asked what stands behind its last answer', async () => {
    const { engine, native } = open();
    const messages = [
      said('system', 'Be brief.'),
      userMessage('One'),
      said('assistant', 'Two'),
      said('system', 'In English.'),
      userMessage('Three'),
    ];
    await ask(engine, { messages });
    expect(native.created[0]?.initialPrompts).toEqual([
      { role: 'system', content: 'Be brief.\nIn English.' },
      { role: 'user', content: 'One' },
      { role: 'assistant', content: 'Two' },
    ]);
    expect(native.prompted).toEqual([{ input: [{ role: 'user', content: 'Three' }] }]);
  });

  it('continues an answer that has begun', async () => {
    const { engine, native } = open();
    await ask(engine, { messages: [userMessage('Tell.'), said('assistant', 'Once', true)] });
    expect(native.prompted[0]?.input).toEqual([
      { role: 'user', content: 'Tell.' },
      { role: 'assistant', content: 'Once', prefix: true },
    ]);
  });

  it('sees and hears where it can, and says so where it cannot', async () => {
    const content: Message['content'] = [
      { type: 'text', text: 'What is this?' },
      { type: 'image', mediaType: 'image/png', data: 'iVBO' },
      { type: 'audio', mediaType: 'audio/wav', data: 'UklG' },
    ];
    const messages = [{ role: 'user', content } as Message];
    const { engine, native } = open({ can: ['image', 'audio'] });
    await ask(engine, { messages });
    expect(native.created[0]?.expectedInputs).toEqual([{ type: 'text' }, { type: 'image' }, { type: 'audio' }]);
    const [message] = native.prompted[0]?.input ?? [];
    expect(message?.content).toMatchObject([{ type: 'text' }, { type: 'image' }, { type: 'audio' }]);
    const image = typeof message?.content === 'object' ? message.content[1]?.value : undefined;
    expect(image).toBeInstanceOf(Blob);
    expect((image as Blob).type).toBe('image/png');
    await expect(ask(open().engine, { messages })).rejects.toMatchObject({
      code: 'not-supported',
      message: expect.stringContaining('see images'),
    });
  });

  it.each([
    ['json', { type: 'json' }, { type: 'object' }],
    ['a schema', { type: 'json-schema', schema: { type: 'array' } }, { type: 'array' }],
    ['a pattern', { type: 'regex', pattern: 'a|b', flags: 'i' }, /a|b/i],
  ] as [string, NonNullable<ChatRequest['responseFormat']>, unknown][])(
    'holds its answer to %s',
    async (_what, responseFormat, constraint) => {
      const { engine, native } = open();
      await ask(engine, { responseFormat });
      expect(native.prompted[0]?.responseConstraint).toEqual(constraint);
    },
  );

  it('takes both samplers or none, within what it allows', async () => {
    const { engine, native } = open();
    await ask(engine, { sampling: { temperature: 9 } });
    expect(native.created[0]).toMatchObject({ temperature: 2, topK: 3 });
    await ask(engine, { sampling: { topK: 5, minP: 0.1 } });
    expect(native.created[1]).toMatchObject({ temperature: 1, topK: 5 });
    await ask(engine);
    expect(native.created[2]).not.toHaveProperty('temperature');
  });

  it('is stopped at stop texts and at a limit, which it knows nothing of', async () => {
    const reply = ['One two ', 'three END four'];
    const stopped = open({ reply });
    expect(textOf(await ask(stopped.engine, { stop: ['END'] }))).toBe('One two three ');
    const limited = open({ reply, isEndless: true });
    const parts = await ask(limited.engine, { maxOutputTokens: 3 });
    expect(textOf(parts)).toBe('One two thre');
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'length' });
    expect([stopped.native.open, limited.native.open]).toEqual([0, 0]);
  });

  it('shows how far its download is', async () => {
    const { engine } = open({ availability: 'downloadable', download: [0, 0.5, 1] });
    const parts = await ask(engine);
    expect(parts[0]).toEqual({ type: 'loading' });
    expect(parts.filter((part) => part.type === 'loading').map(({ progress }) => progress)).toContain(0.5);
    expect(textOf(parts)).toBe('Hello');
  });

  it('is downloaded by loading it, and then is there', async () => {
    const { engine, native } = open({ availability: 'downloadable' });
    expect(await engine.models?.(unstopped())).toMatchObject([{ id: 'built-in', loaded: false, abilities: ['chat', 'schema'] }]);
    expect((await collect(engine.load?.('built-in', unstopped()))).every(({ type }) => type === 'loading')).toBe(true);
    expect(await engine.models?.(unstopped())).toMatchObject([{ loaded: true }]);
    expect(native.open).toBe(0);
  });

  it.each([false, true])('counts tokens and tells its window, under new names and old (%s)', async (isOld) => {
    const { engine, native } = open({ isOld, contextWindow: 4000 });
    expect(await engine.countTokens?.({ model: 'built-in', text: 'one two three' }, unstopped())).toBe(4);
    expect(await engine.contextWindow?.('built-in', unstopped())).toBe(4000);
    expect(await engine.models?.(unstopped())).toMatchObject([{ contextWindow: 4000 }]);
    expect((await ask(engine)).at(-1)).toMatchObject({ usage: { inputTokens: 2, outputTokens: 1 } });
    expect(native.open).toBe(0);
  });

  it('is not downloaded for a question beside an answer', async () => {
    const { engine, native } = open({ availability: 'downloadable' });
    await expect(engine.countTokens?.({ model: 'built-in', text: 'a' }, unstopped())).rejects.toMatchObject({ code: 'loading' });
    expect(await engine.contextWindow?.('built-in', unstopped())).toBeUndefined();
    expect(native.created).toEqual([]);
  });

  it('stops when the caller does, while it writes, while it downloads and before it begins', async () => {
    for (const options of [{ isEndless: true }, { availability: 'downloading' as const, download: Array(500).fill(0.1) }]) {
      const { engine, native } = open(options);
      const controller = new AbortController();
      const parts: Part[] = [];
      const reading = (async () => {
        for await (const batch of engine.chat?.({ model: 'built-in', messages: [userMessage('Hi')] }, controller.signal) ?? []) {
          parts.push(...batch);
          controller.abort();
        }
      })();
      await expect(reading).rejects.toMatchObject({ code: 'aborted' });
      await expect.poll(() => native.open).toBe(0);
    }
    const { engine, native } = open();
    await expect(ask(engine, {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    expect(native.prompted).toEqual([]);
  });

  it('ends its session when the caller just leaves', async () => {
    const { engine, native } = open({ isEndless: true });
    for await (const _ of engine.chat?.({ model: 'built-in', messages: [userMessage('Hi')] }, unstopped()) ?? []) break;
    await expect.poll(() => native.open).toBe(0);
  });

  it.each([
    ['NotAllowedError', 'unauthorized'],
    ['NetworkError', 'unreachable'],
    ['OperationError', 'backend-error'],
  ])('that does not start for a %s says what to do', async (createFails, code) => {
    await expect(ask(open({ createFails }).engine)).rejects.toMatchObject({ name: 'SwitchboardError', code });
  });

  it.each([
    ['QuotaExceededError', 'context-length'],
    ['NotReadableError', 'content-filter'],
    ['SyntaxError', 'bad-response'],
    ['InvalidStateError', 'interrupted'],
    ['UnknownError', 'backend-error'],
    ['SomethingNewError', 'internal'],
  ])('that fails with a %s says what it means', async (promptFails, code) => {
    const { engine, native } = open({ promptFails });
    await expect(ask(engine)).rejects.toMatchObject({ name: 'SwitchboardError', code });
    expect(native.open).toBe(0);
  });

  it('says when the messages do not fit', async () => {
    const { engine } = open({ contextWindow: 20 });
    await expect(ask(engine, { messages: [userMessage('word '.repeat(50))] })).rejects.toMatchObject({ code: 'context-length' });
  });

  it('refuses tools, files and grammars', async () => {
    const { engine, native } = open();
    const file = { role: 'user', content: [{ type: 'file', mediaType: 'application/pdf', data: 'AA==' }] } as Message;
    const refused = { code: 'not-supported' };
    await expect(ask(engine, { tools: [{ name: 'f' }] })).rejects.toMatchObject(refused);
    await expect(ask(engine, { messages: [file] })).rejects.toMatchObject(refused);
    await expect(ask(engine, { responseFormat: { type: 'grammar', grammar: 'root ::= "a"' } })).rejects.toMatchObject(refused);
    expect(native.prompted).toEqual([]);
    expect(native.open).toBe(0);
  });

  it('says so where a browser has none, or has it for better computers only', async () => {
    const resources: Resources = { http, secret: () => undefined };
    expect(() => chrome.open({}, resources)).toThrow(expect.objectContaining({ code: 'not-supported' }));
    const { engine } = open({ availability: 'unavailable' });
    for (const asked of [ask(engine), engine.models?.(unstopped()), engine.test?.(unstopped())])
      await expect(asked).rejects.toMatchObject({ code: 'not-supported', message: expect.stringContaining('no model of its own') });
  });

  it('is offered only where it is', () => {
    expect(chrome.isHere?.()).toBe('LanguageModel' in globalThis);
  });
});
