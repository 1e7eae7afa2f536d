import type {
  NativeAvailability,
  NativeCreateOptions,
  NativeMessage,
  NativeModel,
  NativeOptions,
  NativeSession,
} from '../backends/chrome/native.ts';
import { countTokens } from './tokens.ts';

export interface NativeModelOptions {
  availability?: NativeAvailability;
  /** What it can take beside text. */
  can?: ('image' | 'audio')[];
  /** The answer, in the pieces in which it streams. */
  reply?: string[];
  /** Never ends after the reply. */
  isEndless?: boolean;
  contextWindow?: number;
  /** Shares of the download that are told. */
  download?: number[];
  /** Names of the errors that these fail with. */
  createFails?: string;
  promptFails?: string;
  /** Before the standard changed its names. */
  isOld?: boolean;
}

/** A browser's `LanguageModel` played by a script, and what it was asked. */
export interface FakeNativeModel extends NativeModel {
  created: NativeCreateOptions[];
  prompted: { input: NativeMessage[]; responseConstraint?: unknown }[];
  /** Sessions that are not destroyed. */
  readonly open: number;
}

export function createNativeModel(options: NativeModelOptions = {}): FakeNativeModel {
  const { can = [], reply = ['Hel', 'lo'], contextWindow = 6144, download = [0, 1] } = options;
  let availability = options.availability ?? 'available';
  let open = 0;

  function check(wanted: NativeOptions = {}): NativeAvailability {
    const isPossible = (wanted.expectedInputs ?? []).every(({ type }) => type === 'text' || can.includes(type));
    return isPossible ? availability : 'unavailable';
  }

  function createSession(initialPrompts: NativeMessage[] = []): NativeSession {
    let used = tokensOf(initialPrompts);
    let isDestroyed = false;
    open += 1;
    const names = options.isOld
      ? { inputQuota: contextWindow, measureInputUsage: async (input: NativeMessage[]) => tokensOf(input) }
      : { contextWindow, measureContextUsage: async (input: NativeMessage[]) => tokensOf(input) };
    return {
      ...names,
      get [options.isOld ? 'inputUsage' : 'contextUsage']() {
        return used;
      },
      promptStreaming(input, { signal, responseConstraint }) {
        model.prompted.push({ input, ...(responseConstraint !== undefined && { responseConstraint }) });
        if (options.promptFails) throw failure(options.promptFails);
        const asked = tokensOf(input);
        if (used + asked > contextWindow) throw failure('QuotaExceededError');
        const pieces = [...reply];
        return new ReadableStream<string>({
          start: (controller) => signal.addEventListener('abort', () => controller.error(failure('AbortError'))),
          pull(controller) {
            const piece = pieces.shift();
            if (piece !== undefined) return controller.enqueue(piece);
            if (options.isEndless) return new Promise(() => {});
            used += asked + countTokens(reply.join(''));
            controller.close();
          },
        });
      },
      destroy() {
        if (!isDestroyed) open -= 1;
        isDestroyed = true;
      },
    };
  }

  const model: FakeNativeModel = {
    created: [],
    prompted: [],
    get open() {
      return open;
    },
    availability: async (wanted) => check(wanted),
    params: async () => ({ defaultTopK: 3, maxTopK: 128, defaultTemperature: 1, maxTemperature: 2 }),
    async create(wanted = {}) {
      model.created.push(wanted);
      wanted.signal?.throwIfAborted();
      if (check(wanted) === 'unavailable') throw failure('NotSupportedError');
      if (options.createFails) throw failure(options.createFails);
      const monitor = new EventTarget();
      wanted.monitor?.(monitor);
      for (const loaded of download) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        wanted.signal?.throwIfAborted();
        monitor.dispatchEvent(Object.assign(new Event('downloadprogress'), { loaded, total: 1 }));
      }
      availability = 'available';
      return createSession(wanted.initialPrompts);
    },
  };
  return model;
}

function failure(name: string): DOMException {
  return new DOMException('It did not work.', name);
}

function tokensOf(messages: NativeMessage[]): number {
  return messages.reduce((sum, { content }) => {
    const texts = typeof content === 'string' ? [content] : content.map((item) => (item.type === 'text' ? item.value : 'media'));
    return sum + countTokens(texts.join(' ')) + 1;
  }, 0);
}
