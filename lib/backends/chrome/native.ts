/** The browser's own `LanguageModel` as far as it is used: the Prompt API of the Web Machine Learning group. */
export interface NativeModel {
  availability(options?: NativeOptions): Promise<NativeAvailability>;
  create(options?: NativeCreateOptions): Promise<NativeSession>;
  /** Only extensions are told; absent in some browsers. */
  params?(): Promise<NativeParams | null>;
}

export type NativeAvailability = 'unavailable' | 'downloadable' | 'downloading' | 'available';

export interface NativeParams {
  defaultTopK: number;
  maxTopK: number;
  defaultTemperature: number;
  maxTemperature: number;
}

export interface NativeOptions {
  expectedInputs?: { type: 'text' | 'image' | 'audio' }[];
  temperature?: number;
  topK?: number;
}

export interface NativeCreateOptions extends NativeOptions {
  initialPrompts?: NativeMessage[];
  signal?: AbortSignal;
  monitor?(monitor: EventTarget): void;
}

export interface NativeSession {
  promptStreaming(input: NativeMessage[], options: { signal: AbortSignal; responseConstraint?: unknown }): ReadableStream<string>;
  destroy(): void;
  /** These have the names of the standard, and those of Chrome before it. */
  readonly contextUsage?: number;
  readonly inputUsage?: number;
  readonly contextWindow?: number;
  readonly inputQuota?: number;
  measureContextUsage?(input: NativeMessage[]): Promise<number>;
  measureInputUsage?(input: NativeMessage[]): Promise<number>;
}

export interface NativeMessage {
  role: 'system' | 'user' | 'assistant';
  content: string | NativeContent[];
  prefix?: boolean;
}

export type NativeContent = { type: 'text'; value: string } | { type: 'image'; value: Blob } | { type: 'audio'; value: ArrayBuffer };

export function windowOf({ contextWindow, inputQuota }: NativeSession): number | undefined {
  return finite(contextWindow) ?? finite(inputQuota);
}

export function usageOf({ contextUsage, inputUsage }: NativeSession): number | undefined {
  return finite(contextUsage) ?? finite(inputUsage);
}

/** Tokens that the messages would take. */
export async function measure(session: NativeSession, input: NativeMessage[]): Promise<number | undefined> {
  return finite((await session.measureContextUsage?.(input)) ?? (await session.measureInputUsage?.(input)));
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
