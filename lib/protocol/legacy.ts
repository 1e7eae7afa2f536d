/** The interface of the extension Window AI (npm `window.ai` 0.2), for pages that were written for it. */

export interface LegacyWindowAi {
  readonly __window_ai_metadata__: { readonly domain: string; readonly version: string };
  /** Rejects with a bare string of `legacyErrors`, or an Error where the arguments are wrong. */
  generateText(input: LegacyInput, options?: LegacyOptions): Promise<LegacyOutput[]>;
  /** The same; one output alone unless several were asked for. */
  getCompletion(input: LegacyInput, options?: LegacyOptions): Promise<LegacyOutput | LegacyOutput[]>;
  /** Always a text; `default` while nothing is granted. */
  getCurrentModel(): Promise<string>;
  /** The id it returns ends nothing: there never was a way to stop listening. */
  addEventListener(handler: (event: 'model_changed' | 'error', data: unknown) => unknown): string;
  /** Rejects. */
  BETA_generate3DObject(input?: unknown, options?: unknown): Promise<never>;
  /** Rejects: which model answers is the user's to say. */
  BETA_updateModelProvider(options?: unknown): Promise<never>;
}

export type LegacyInput = { prompt: string } | { messages: LegacyMessage[] };

export interface LegacyMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface LegacyOptions {
  model?: string | null;
  numOutputs?: number | null;
  temperature?: number | null;
  maxTokens?: number | null;
  stopSequences?: string[] | null;
  /** Gets what is new of the answer, each time something is. */
  onStreamResult?: ((result: LegacyOutput | null, error: string | null) => unknown) | null;
}

export type LegacyOutput = { text: string; isPartial?: true } | { message: LegacyMessage; isPartial?: true };

/**
 * What the background answers to a method, one in each batch: any number of parts, then one of the others. By number:
 * who reads them is in every page.
 */
export type LegacyPiece =
  /** What is new of the answer. */
  | [0, LegacyOutput]
  /** What the method resolves with. */
  | [1, unknown]
  /** The bare string it rejects with. */
  | [2, string]
  /** The message of the Error it rejects with: the arguments are wrong. */
  | [3, string];

/** The methods that the background answers. */
export const legacyMethods = [
  'generateText',
  'getCompletion',
  'getCurrentModel',
  'BETA_generate3DObject',
  'BETA_updateModelProvider',
] as const;
