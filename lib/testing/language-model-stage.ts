import './browser-globals.ts';
import { createCalls } from '../page/calls.ts';
import { openChannel } from '../page/channel.ts';
import { toPageError } from '../page/errors.ts';
import { installLanguageModel } from '../page/language-model/install.ts';
import { startLate } from '../page/language-model/late/late.ts';
import { lateKey } from '../page/language-model/late-key.ts';
import type { AccessState } from '../protocol/access.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Message } from '../protocol/message.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatRequest } from '../protocol/request.ts';
import { type Scope, startRelay } from '../relay/relay.ts';
import type { Asked, Router } from '../router/router.ts';
import { createLimits } from '../serve/limits.ts';
import { judge } from '../serve/prompt/constraint/judge.ts';
import { lazyPromptMethods } from '../serve/prompt/lazy-methods.ts';
import { createPromptMethods } from '../serve/prompt/methods.ts';
import { serve } from '../serve/serve.ts';
import { lazyTaskMethods } from '../serve/tasks/lazy-methods.ts';
import { createTaskMethods } from '../serve/tasks/methods.ts';
import { createPortPair } from './port-pair.ts';

/** What a test says of the background; the rest is a model that echoes, in a window of 1,000 tokens, a character each. */
export interface Background {
  engine?(request: Asked<ChatRequest>, signal: AbortSignal): AsyncIterable<Part[]>;
  access?: AccessState;
  requestAccess?: Router['requestAccess'];
  load?: Router['load'];
  window?: number | undefined;
  /** The background does not serve this frame. */
  isRefused?: boolean;
  count?(messages: Message[]): number;
  /** What the router sees of an answer, to be counted. */
  heard?(part: Part): unknown;
}

export const granted: AccessState = { state: 'granted', models: [{ id: 'm', name: 'M', place: 'device', isDefault: true }] };

/** The road from LanguageModel and the task APIs on a window to an engine; only the browser between the ports is not real. */
export function stage(background: Background = {}, more: object = {}) {
  const requests: Asked<ChatRequest>[] = [];
  const aborted: string[] = [];
  const router: Partial<Router> = {
    queryAccess: async () => background.access ?? granted,
    requestAccess: background.requestAccess ?? (async () => background.access ?? granted),
    contextWindow: async () => ('window' in background ? background.window : 1000),
    load: background.load ?? async function* () {},
    countTokens: async (_, request) => ('messages' in request ? (background.count ?? characters)(request.messages) : request.text.length),
    async *chat(_caller, request, signal, _target, through = (ask) => ask(request)) {
      signal.addEventListener('abort', () => aborted.push('chat'));
      const parts = through((asked) => {
        requests.push(asked);
        return (background.engine ?? echo)(asked, signal);
      });
      for await (const batch of parts) {
        for (const part of batch) background.heard?.(part);
        yield batch;
      }
    },
  };
  const site = {
    ...lazyPromptMethods(router as Router, () => (router) => createPromptMethods(router, async (question) => judge(question))),
    ...lazyTaskMethods(router as Router, () => createTaskMethods),
    'prompt.load': { kind: 'value' as const, run: async () => readLatePart(scope) },
  };
  const scope = createScope(more);
  const calls = createCalls(openChannel(scope), toPageError);
  installLanguageModel(scope as unknown as Window & typeof globalThis, calls);
  const connect = () => {
    const { content, background: port } = createPortPair();
    serve(port, {
      identify: () =>
        background.isRefused
          ? { role: 'refused', error: new SwitchboardError('unsupported-context', 'Not here.') }
          : { role: 'site', origin: 'https://site.example', tabId: 1, frameId: 0, isPrivate: false },
      site,
      panel: {},
      lease: { hold: () => () => {} },
      limits: createLimits(),
    });
    return content;
  };
  startRelay(() => ({ id: 'own', connect }), scope as unknown as Scope);
  return { scope, requests, aborted, LanguageModel: (scope as unknown as { LanguageModel: typeof LanguageModelClass }).LanguageModel };
}

/** As far as the tests use it. */
export declare class LanguageModelClass extends EventTarget {
  static create(options?: unknown): Promise<LanguageModelClass>;
  static availability(options?: unknown): Promise<string>;
  contextUsage: number;
  contextWindow: number;
  samplingMode: string;
  oncontextoverflow: unknown;
  prompt(input: unknown, options?: unknown): Promise<unknown>;
  promptStreaming(input: unknown, options?: unknown): ReadableStream<unknown>;
  append(input: unknown, options?: unknown): Promise<undefined>;
  measureContextUsage(input: unknown, options?: unknown): Promise<number>;
  clone(options?: unknown): Promise<LanguageModelClass>;
  destroy(): void;
}

function createScope(more: object): EventTarget & Record<string, unknown> {
  const scope = new EventTarget() as EventTarget & Record<string, unknown>;
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' as const });
  Object.defineProperty(scope, 'closed', { configurable: true, get: () => scope.isGone === true });
  Object.assign(scope, {
    isSecureContext: true,
    origin: 'https://site.example',
    navigator: { userActivation: { hasBeenActive: true, isActive: true } },
    document,
  });
  Object.assign(scope, { parent: scope, ...more });
  return scope;
}

function readLatePart(scope: Record<string, unknown>): true {
  if (lateKey in scope) scope[lateKey] = startLate;
  return true;
}

function characters(messages: Message[]): number {
  return messages.reduce((sum, { content }) => {
    return sum + content.reduce((size, item) => size + (item.type === 'text' ? item.text.length : 100), 0);
  }, 0);
}

/** The last thing that was said, in two pieces. */
export async function* echo({ messages }: Asked<ChatRequest>): AsyncGenerator<Part[]> {
  const text = `Echo: ${textOf(messages.at(-1) as Message)}`;
  if (characters(messages) > 1000) throw new SwitchboardError('context-length', 'Too long.');
  yield [{ type: 'text', text: text.slice(0, 3) }];
  yield [
    { type: 'text', text: text.slice(3) },
    { type: 'end', reason: 'stop' },
  ];
}

export function textOf({ content }: Message): string {
  return content
    .map((item) => (item.type === 'text' ? item.text : item.type === 'tool-result' ? JSON.stringify(item) : `<${item.type}>`))
    .join('');
}

/** An engine that gives these answers, one after another. */
export function answers(...scripted: (string | Part[])[]): NonNullable<Background['engine']> {
  const left = [...scripted];
  return async function* () {
    const next = left.shift() ?? 'no more';
    if (typeof next === 'string')
      yield [
        { type: 'text', text: next },
        { type: 'end', reason: 'stop' },
      ];
    else yield next;
  };
}
