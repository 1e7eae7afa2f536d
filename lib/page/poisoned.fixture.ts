import { writeSync } from 'node:fs';
import type { Channel, Receiver } from './calls.ts';
import { createCalls } from './calls.ts';
import { toPageError } from './errors.ts';
import { createInfo } from './info.ts';
import { createProvider } from './provider.ts';

/**
 * Run by poisoned.test.ts in a process of its own: replaces what a page can replace after the page script has started,
 * then uses the provider, and prints what the answers were and what the replacements got to see.
 */
const { parse, stringify } = JSON;
const soon = setImmediate;
const seen: string[] = [];
let isTested = true;

/** The other end of the channel is not what is tested here. */
const text = (value: object) => {
  isTested = false;
  const written = stringify(value);
  isTested = true;
  return written;
};
const reply = (receiver: Receiver, value: object) => {
  const written = text(value);
  soon(() => receiver.message(written));
};
const channel: Channel & { receiver?: Receiver } = {
  on(receiver) {
    channel.receiver = receiver;
  },
  post(text) {
    const call = parse(text);
    const receiver = channel.receiver as Receiver;
    if (call.type !== 'call') return;
    if (call.method === 'openai.chat') {
      const opening = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [] };
      reply(receiver, {
        type: 'parts',
        id: call.id,
        size: 100_000,
        parts: call.params.stream ? [opening, 'Hel', 'lo'] : [{ whole: call.params }],
      });
      reply(receiver, { type: 'done', id: call.id });
    } else if (call.method === 'legacy') {
      reply(receiver, { type: 'parts', id: call.id, size: 1, parts: [[0, { text: 'Hi', isPartial: true }]] });
      reply(receiver, { type: 'parts', id: call.id, size: 1, parts: [[1, [{ text: 'Hi' }]]] });
      reply(receiver, { type: 'done', id: call.id });
    } else reply(receiver, { type: 'done', id: call.id, value: { method: call.method, params: call.params } });
  },
};

const controller = new AbortController();
const ai = createProvider(createCalls(channel, toPageError), new EventTarget(), createInfo('1'));
const say = (value: object) => writeSync(1, `${text(value)}\n`);
poison();

const whole = await ai.chat.completions.create({ messages: [{ role: 'user', content: 'Hi' }] }, { signal: controller.signal });
const stream = await ai.chat.completions.create({ messages: [], stream: true });
let streamed = '';
for (;;) {
  const { done, value } = await stream.next();
  if (done) break;
  streamed += value.choices[0]?.delta.content ?? '';
}
const listed = await ai.models.list();
const asked = await ai.requestAccess({ reason: 'because' });
let refused = '';
try {
  await ai.chat.completions.create({ messages: new Map() as never });
} catch (error) {
  refused = (error as { code: string }).code;
}
let heard = '';
const outputs = await ai.generateText({ prompt: 'Hi' }, { onStreamResult: (result) => (heard += (result as { text: string }).text) });
say({ whole, streamed, listed, asked, refused, old: outputs[0], heard, seen });

function poison(): void {
  const spy = (name: string) =>
    function (this: unknown) {
      seen[seen.length] = name;
      throw new Error(`${name} was called`);
    };
  const replace = (owner: object, path: string, names: PropertyKey[]) => {
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as PropertyKey;
      Object.defineProperty(owner, name, { value: spy(`${path}.${String(name)}`), configurable: true, writable: true });
    }
  };
  const field = (name: string) =>
    Object.defineProperty(Object.prototype, name, {
      configurable: true,
      get: () => {
        if (isTested) seen[seen.length] = `get ${name}`;
      },
      set: () => {
        seen[seen.length] = `set ${name}`;
      },
    });
  replace(Map.prototype, 'Map', ['get', 'set', 'delete', 'has', 'forEach', Symbol.iterator]);
  replace(EventTarget.prototype, 'EventTarget', ['addEventListener', 'removeEventListener', 'dispatchEvent']);
  replace(MessagePort.prototype, 'MessagePort', ['postMessage', 'start']);
  replace(String.prototype, 'String', ['slice', 'indexOf', 'startsWith', 'split', 'replace', Symbol.iterator]);
  replace(RegExp.prototype, 'RegExp', ['exec', 'test']);
  replace(JSON, 'JSON', ['parse', 'stringify']);
  replace(Object, 'Object', ['keys', 'entries', 'assign', 'hasOwn', 'freeze']);
  replace(Reflect, 'Reflect', ['apply', 'get', 'ownKeys']);
  replace(Array, 'Array', ['isArray', 'from']);
  replace(Array.prototype, 'Array', ['push', 'shift', 'map', 'forEach', 'join', Symbol.iterator]);
  replace(Promise.prototype, 'Promise', ['then', 'catch', 'finally']);
  replace(globalThis, 'window', ['queueMicrotask']);
  replace(Promise, 'Promise', ['resolve', 'reject', 'all']);
  field('signal');
  field('model');
  field('resolve');
  field('size');
  field('position');
  field('toJSON');
  replace(Function.prototype, 'Function', ['call', 'apply', 'bind']);
}
