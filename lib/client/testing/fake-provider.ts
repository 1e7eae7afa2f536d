import type { ChatBody, ChatCompletion, ChatCompletionChunk } from '../../protocol/openai.ts';
import type { SwitchboardProvider } from '../../protocol/provider.ts';

/** A provider that answers what it is told to, and keeps what it was asked. */
export interface FakeProvider {
  provider: SwitchboardProvider;
  bodies: ChatBody[];
  /** Streams that were left before their end. */
  returned: number;
}

interface Script {
  whole?: ChatCompletion[];
  /** An error among them is thrown at its place. */
  chunks?: (ChatCompletionChunk | Error)[];
  failures?: Error[];
  fetch?: (url: string, init: RequestInit) => Response;
}

export function fakeProvider({ whole = [], chunks = [], failures = [], fetch }: Script): FakeProvider {
  const fake: FakeProvider = { bodies: [], returned: 0, provider: undefined as never };

  async function create(body: ChatBody, { signal }: { signal?: AbortSignal } = {}) {
    fake.bodies.push(body);
    signal?.throwIfAborted();
    const failure = failures.shift();
    if (failure) throw failure;
    return body.stream === true ? stream(signal) : whole.shift();
  }

  function stream(signal: AbortSignal | undefined) {
    const left = [...chunks];
    return {
      async next() {
        signal?.throwIfAborted();
        const chunk = left.shift();
        if (chunk instanceof Error) throw chunk;
        return chunk ? { done: false, value: chunk } : { done: true, value: undefined };
      },
      async return() {
        fake.returned += 1;
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  const provider = {
    baseURL: 'https://switchboard.invalid/v1',
    chat: { completions: { create } },
    fetch: async (url: string, init: RequestInit) => fetch?.(url, init),
  };
  return Object.assign(fake, { provider: provider as unknown as SwitchboardProvider });
}

export function completion(
  message: Partial<ChatCompletion['choices'][number]['message']>,
  finish_reason: 'stop' | 'tool_calls' = 'stop',
): ChatCompletion {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'tiny',
    choices: [{ index: 0, message: { role: 'assistant', content: null, refusal: null, ...message }, logprobs: null, finish_reason }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, prompt_tokens_details: { cached_tokens: 4 } },
  };
}

type Choice = ChatCompletionChunk['choices'][number];

export function chunk(delta: Choice['delta'], finish_reason: Choice['finish_reason'] = null): ChatCompletionChunk {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason }];
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'tiny', choices };
}

export function usageChunk(): ChatCompletionChunk {
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, completion_tokens_details: { reasoning_tokens: 2 } };
  return { ...chunk({}), choices: [], usage };
}

/** A failure as pages get it. */
export function pageError(code: string, status: number, retryAfter?: number): Error {
  return Object.assign(new Error(`It failed: ${code}.`), { code, status, ...(retryAfter !== undefined && { retryAfter }) });
}
