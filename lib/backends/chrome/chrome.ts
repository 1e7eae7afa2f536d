import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { CountRequest } from '../../protocol/request.ts';
import type { Backend, Engine } from '../backend.ts';
import { countedMessages } from '../body.ts';
import { closing } from '../closing.ts';
import { stoppedParts } from '../stopped-parts.ts';
import { answerParts } from './answer.ts';
import { nativeError } from './errors.ts';
import { conversationOf } from './messages.ts';
import { measure, type NativeModel, type NativeSession, windowOf } from './native.ts';
import { openSession } from './session.ts';

/** The model that the browser brings itself: Gemini Nano in Chrome, Phi in Edge. */
export const chrome: Backend = {
  id: 'chrome',
  label: 'Built-in AI',
  group: 'browser',
  schema: z.object({}),
  fields: [],
  preset: {},
  isHere: () => 'LanguageModel' in globalThis,
  hosts: () => [],
  open(_config, { nativeModel }) {
    if (nativeModel) return openNative(nativeModel);
    throw new SwitchboardError('not-supported', 'This browser has no model of its own. Chrome and Edge have one on many computers.');
  },
};

/** The only model there is; the browser does not tell its name. */
const modelId = 'built-in';

function openNative(native: NativeModel): Engine {
  let knownWindow: number | undefined;

  return {
    chat: (request, signal) => closing(signal, (own) => told(stoppedParts(answerParts(native, request, own), request.stop ?? []), own)),

    samplers: () => (native.params ? { temperature: 'temperature', topK: 'topK' } : {}),

    async models(signal) {
      return await guarded(signal, async () => [await modelInfo(native, knownWindow)]);
    },

    async contextWindow(_model, signal) {
      if (knownWindow === undefined && (await native.availability()) === 'available')
        knownWindow = await withSession(signal, async (session) => windowOf(session));
      return knownWindow;
    },

    countTokens: (request, signal) => withSession(signal, (session) => count(session, request)),

    load: (_model, signal) => closing(signal, (own) => told(load(own), own)),

    async test(signal) {
      await guarded(signal, async () => {
        if ((await native.availability()) === 'unavailable') throw noModel();
      });
    },
  };

  async function* load(signal: AbortSignal): AsyncGenerator<Part[], void> {
    const session = yield* openSession(native, { signal });
    session.destroy();
  }

  /** For questions beside an answer, for which nobody wants a download. */
  async function withSession<Value>(signal: AbortSignal, use: (session: NativeSession) => Promise<Value>): Promise<Value> {
    return await guarded(signal, async () => {
      const availability = await native.availability();
      if (availability === 'unavailable') throw noModel();
      if (availability !== 'available')
        throw new SwitchboardError('loading', 'The browser has not downloaded its model yet. Load it in the settings of the connection.');
      const session = await native.create({ signal });
      try {
        return await use(session);
      } finally {
        session.destroy();
      }
    });
  }
}

async function count(session: NativeSession, request: CountRequest): Promise<number> {
  const { initialPrompts, input } = conversationOf(countedMessages(request));
  const tokens = await measure(session, [...initialPrompts, ...input]);
  if (tokens === undefined) throw new SwitchboardError('not-supported', "The model of the user's browser does not count tokens.");
  return tokens;
}

async function modelInfo(native: NativeModel, contextWindow: number | undefined): Promise<ModelInfo> {
  const can = async (type: 'image' | 'audio') =>
    (await native.availability({ expectedInputs: [{ type }] }).catch(() => 'unavailable')) !== 'unavailable';
  const [availability, sees, hears] = await Promise.all([native.availability(), can('image'), can('audio')]);
  if (availability === 'unavailable') throw noModel();
  return {
    id: modelId,
    name: 'Built-in model',
    abilities: ['chat', 'schema', ...(sees ? (['images'] as const) : []), ...(hears ? (['audio'] as const) : [])],
    loaded: availability === 'available',
    ...(contextWindow !== undefined && { contextWindow }),
  };
}

function noModel(): SwitchboardError {
  return new SwitchboardError(
    'not-supported',
    'This browser has no model of its own ready: the device may be too small for it, or a setting keeps it away. Chrome tells at chrome://on-device-internals.',
  );
}

/** The parts, with the browser's errors in our words. */
async function* told(parts: AsyncIterable<Part[]>, signal: AbortSignal): AsyncGenerator<Part[], void> {
  try {
    yield* parts;
  } catch (thrown) {
    throw nativeError(thrown, signal);
  }
}

async function guarded<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
  try {
    signal.throwIfAborted();
    return await work();
  } catch (thrown) {
    throw nativeError(thrown, signal);
  }
}
