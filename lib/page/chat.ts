import type { ChatCompletion, ChatCompletionChunk } from '../protocol/openai.ts';
import type { ChatPiece } from '../protocol/pieces.ts';
import type { ChatStream, SwitchboardProvider } from '../protocol/provider.ts';
import type { Calls } from './calls.ts';
import { toPageError } from './errors.ts';
import type { PartStream } from './part-stream.ts';
import { toJson } from './plain-json.ts';
import { define, parseJson, SafePromise } from './primordials.ts';
import { createQueue } from './queue.ts';
import { own, signalOf } from './read-options.ts';

/** `chat.completions.create`: the call of OpenAI's client, answered by the user's model. It never throws at once: it rejects. */
export function createChat(calls: Calls): SwitchboardProvider['chat']['completions']['create'] {
  return ((body: unknown, options?: unknown) => {
    try {
      const params = toJson(body, toPageError);
      const pieces = calls.stream<ChatPiece>('openai.chat', params, signalOf(options));
      return own(parseJson(params), 'stream') === true ? iterable(begin(pieces)) : whole(pieces);
    } catch (error) {
      return new SafePromise((_, reject) => reject(error));
    }
  }) as SwitchboardProvider['chat']['completions']['create'];
}

async function whole(pieces: PartStream<ChatPiece>): Promise<ChatCompletion> {
  const batch = await pieces.next();
  return batch.value?.[0] as ChatCompletion;
}

type Result = IteratorResult<ChatCompletionChunk, undefined>;

/** Resolves when the answer begins, so that a refusal rejects here and not inside the loop, as with OpenAI's client. */
async function begin(pieces: PartStream<ChatPiece>): Promise<ChatStream> {
  const ready = createQueue<ChatCompletionChunk>();
  let opening: ChatCompletionChunk | undefined;
  take(await pieces.next());

  const stream: ChatStream = {
    next: () => (ready.isEmpty() ? pull() : new SafePromise((resolve) => resolve(handOut()))),
    async return() {
      ready.clear();
      await pieces.return();
      return handOut();
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;

  async function pull(): Promise<Result> {
    while (ready.isEmpty()) {
      const batch = await pieces.next();
      if (batch.done) break;
      take(batch);
    }
    return handOut();
  }

  function take({ value }: IteratorResult<ChatPiece[], undefined>): void {
    if (value === undefined) return;
    opening ??= value[0] as ChatCompletionChunk;
    for (let index = 0; index < value.length; index++) {
      const piece = value[index] as ChatPiece;
      ready.push(typeof piece === 'string' ? textChunk(opening, piece) : (piece as ChatCompletionChunk));
    }
  }

  function handOut(): Result {
    const chunk = ready.shift();
    return chunk === undefined ? { done: true, value: undefined } : { done: false, value: chunk };
  }
}

function textChunk(opening: ChatCompletionChunk, content: string): ChatCompletionChunk {
  return { ...opening, choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }] };
}

/** Lets `for await` take the promise itself. */
function iterable(stream: Promise<ChatStream>): Promise<ChatStream> {
  const iterate = () => ({
    next: async () => (await stream).next(),
    return: async () => (await stream).return?.(),
  });
  define(stream, Symbol.asyncIterator, { value: iterate });
  return stream;
}
