import { writeSync } from 'node:fs';
import { type Channel, createCalls, type Receiver } from '../calls.ts';
import { toPageError } from '../errors.ts';
import { installLanguageModel } from '../language-model/install.ts';
import { startLate } from '../language-model/late/late.ts';
import { lateKey } from '../language-model/late-key.ts';

/**
 * Run by poisoned.test.ts in a process of its own: replaces what a page can replace once the page script has started, then
 * uses the task APIs, whose late part comes only after that, and prints what came of it and what the replacements saw.
 */
const { parse, stringify } = JSON;
const { defineProperty } = Object;
const soon = setImmediate;
const seen: string[] = [];

const answers: Record<string, object[]> = {
  'task.create': [{ window: 1000, usage: 10 }],
  'task.measure': [{ usage: 5 }],
};
const channel: Channel & { receiver?: Receiver } = {
  on(receiver) {
    channel.receiver = receiver;
  },
  post(text) {
    const { type, id, method, params } = parse(text);
    if (type !== 'call') return;
    const receiver = channel.receiver as Receiver;
    const say = (reply: object) => {
      const written = stringify({ id, ...reply });
      soon(() => receiver.message(written));
    };
    if (method === 'prompt.load') (scope as unknown as Record<string, unknown>)[lateKey] = startLate;
    if (method === 'task.run' && params.options.task === 'LanguageDetector') answers[method] = [{ result: [{ detectedLanguage: 'de' }] }];
    else if (method === 'task.run') answers[method] = ['Bon', 'jour'] as unknown as object[];
    if (answers[method]) say({ type: 'parts', size: 10, parts: answers[method] });
    say({ type: 'done', value: method === 'task.availability' || method === 'prompt.availability' ? { availability: 'available' } : true });
  },
};

interface Task {
  expectedInputLanguages: string[];
  measureInputUsage(input: string): Promise<number>;
  translate(input: string, options: object): Promise<string>;
  translateStreaming(input: string): ReadableStream<string>;
  detect(input: string): Promise<object>;
}
interface Tasks {
  Translator: { create(options: object): Promise<Task>; availability(options: object): Promise<string> };
  LanguageDetector: Tasks['Translator'];
  LanguageModel: Tasks['Translator'];
  LanguageModelToolSuccess: new (init: object) => { callID: string; result: { value: string }[] };
}

const scope = Object.assign(new EventTarget(), {
  isSecureContext: true,
  QuotaExceededError: DOMException,
  navigator: { userActivation: { isActive: true } },
  document: new EventTarget(),
});
defineProperty(scope, 'closed', { get: () => false });
installLanguageModel(scope as unknown as Window & typeof globalThis, createCalls(channel, toPageError));
const { Translator, LanguageDetector, LanguageModel, LanguageModelToolSuccess } = scope as unknown as Tasks;
const controller = new AbortController();
const { stringify: write } = JSON;
poison();

const pair = { sourceLanguage: 'EN-gb', targetLanguage: 'fr', signal: controller.signal };
const availability = await Translator.availability(pair);
const translator = await Translator.create(pair);
const translated = await translator.translate('Hello', { signal: controller.signal });
const reader = translator.translateStreaming('Hello').getReader();
const streamed = (await reader.read()).value;
const usage = await translator.measureInputUsage('Hello');
const detector = await LanguageDetector.create({ expectedInputLanguages: { [iteratorOf()]: list } });
const detected = await detector.detect('Hallo');
const model = await LanguageModel.availability({ expectedInputs: { [iteratorOf()]: list } });
const success = new LanguageModelToolSuccess({ callID: '7', name: 'now', result: { [iteratorOf()]: list } });
const tool = [success.callID, success.result[0]?.value];
writeSync(
  1,
  `${write({ availability, model, tool, translated, streamed, usage, tags: detector.expectedInputLanguages[0], detected, seen })}\n`,
);

function iteratorOf(): symbol {
  return Symbol.iterator;
}

/** A page's own list: of one thing that is a language, and what is expected of one. */
function list(): object {
  let isOver = false;
  const value = { type: 'text', value: 'noon', toString: () => 'DE-at' };
  return {
    next() {
      const done = isOver;
      isOver = true;
      return { done, value };
    },
  };
}

function poison(): void {
  const replace = (owner: object, path: string, names: PropertyKey[]) => {
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as PropertyKey;
      const value = () => {
        seen[seen.length] = `${path}.${String(name)}`;
        throw new Error(`${path}.${String(name)} was called`);
      };
      defineProperty(owner, name, { value, configurable: true, writable: true });
    }
  };
  const watch = (name: string) =>
    defineProperty(Object.prototype, name, {
      configurable: true,
      set: () => {
        seen[seen.length] = `set ${name}`;
      },
    });
  for (const name of ['create', 'availability', 'translate', 'callID', 'format', 'prompt']) watch(name);
  // As old libraries do: every loop over an object meets it.
  defineProperty(Object.prototype, 'extra', { value: 5, enumerable: true, configurable: true, writable: true });
  replace(Map.prototype, 'Map', ['get', 'set', 'delete', 'has', 'forEach', Symbol.iterator]);
  replace(WeakMap.prototype, 'WeakMap', ['get', 'set', 'has']);
  replace(EventTarget.prototype, 'EventTarget', ['addEventListener', 'removeEventListener', 'dispatchEvent']);
  replace(AbortSignal, 'AbortSignal', ['any']);
  replace(Intl, 'Intl', ['getCanonicalLocales']);
  replace(String.prototype, 'String', ['slice', 'indexOf', 'startsWith', 'endsWith', 'split', 'replace', Symbol.iterator]);
  replace(RegExp.prototype, 'RegExp', ['exec', 'test']);
  replace(JSON, 'JSON', ['stringify']);
  replace(Object, 'Object', ['keys', 'entries', 'assign', 'hasOwn', 'freeze']);
  replace(Reflect, 'Reflect', ['apply', 'get', 'ownKeys']);
  replace(Array, 'Array', ['isArray', 'from']);
  replace(Array.prototype, 'Array', ['push', 'shift', 'map', 'forEach', 'join', Symbol.iterator]);
  replace(Promise.prototype, 'Promise', ['then', 'catch', 'finally']);
  replace(Promise, 'Promise', ['resolve', 'reject', 'all']);
  replace(Function.prototype, 'Function', ['call', 'apply', 'bind']);
}
