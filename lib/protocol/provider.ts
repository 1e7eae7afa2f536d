import type { AccessRequest, AccessState } from './access.ts';
import type { ErrorCode } from './errors.ts';
import type { LegacyWindowAi } from './legacy.ts';
import type { PageModel } from './model.ts';
import type { ChatBody, ChatCompletion, ChatCompletionChunk } from './openai.ts';

/** What a page gets: `window.ai` where that name is free, and always the `provider` of an `ai:announceProvider` event. */
export interface SwitchboardProvider extends LegacyWindowAi {
  readonly info: ProviderInfo;
  readonly version: string;
  /** For OpenAI's client and its relatives, together with `fetch`; nothing is ever sent there. */
  readonly baseURL: string;
  /** Asks the user where they have not decided yet; call it from a click. Resolves with their decision, refusal included. */
  requestAccess(options?: AccessRequest & CallOptions): Promise<AccessState>;
  readonly permissions: {
    /** Never asks. Before consent it tells every site the same. */
    query(): Promise<AccessState>;
  };
  readonly models: {
    /** Those the user granted to this site. */
    list(options?: CallOptions): Promise<PageModel[]>;
  };
  readonly chat: {
    readonly completions: {
      create(body: ChatBody & { stream: true }, options?: CallOptions): ChatStreamPromise;
      create(body: ChatBody & { stream?: false | null }, options?: CallOptions): Promise<ChatCompletion>;
      create(body: ChatBody, options?: CallOptions): Promise<ChatCompletion | ChatStream>;
    };
  };
  /** Answers OpenAI's routes below any origin with real Responses, for any client that takes a `fetch`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Returns its undo. Told while the page works with the model, and when the user comes back to the page. */
  on<Name extends keyof ProviderEvents>(name: Name, listener: (value: ProviderEvents[Name]) => void): () => void;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface ProviderEvents {
  accesschanged: AccessState;
  /** What `default` stands for now; null when nothing is granted. */
  modelchanged: PageModel | null;
}

/** Leaving the loop stops the call. */
export type ChatStream = AsyncIterableIterator<ChatCompletionChunk, undefined>;

/** To be awaited as with OpenAI's client, or iterated at once. */
export type ChatStreamPromise = Promise<ChatStream> & AsyncIterable<ChatCompletionChunk>;

/** As in EIP-6963. */
export interface ProviderInfo {
  /** Another with each page load. */
  readonly uuid: string;
  readonly name: string;
  /** `data:` URL of an SVG; show it with `<img>`. */
  readonly icon: string;
  readonly rdns: string;
  readonly version: string;
}

export const announceEvent = 'ai:announceProvider';
export const requestEvent = 'ai:requestProvider';

/** `detail` of the event a provider announces itself with, and announces itself again after `ai:requestProvider`. */
export interface ProviderAnnouncement {
  readonly info: ProviderInfo;
  readonly provider: SwitchboardProvider;
}

/** What calls reject with, apart from the reason of an aborted signal. */
export interface ProviderError extends Error {
  /** For example `denied`, `needs-user`, `rate-limited`, `not-configured`. */
  code: ErrorCode;
  /** As HTTP would say it. */
  status?: number;
  /** Seconds. */
  retryAfter?: number;
}
