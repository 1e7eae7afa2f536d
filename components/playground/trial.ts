import { type Signal, signal } from '@preact/signals';
import type { ErrorData } from '../../lib/protocol/errors.ts';
import { textOf, tokensOf } from './doors.js';
import type { Snippet } from './snippets.ts';

/** One piece as the door gave it, and when, in milliseconds after the start. */
export interface Piece {
  at: number;
  value: unknown;
}

export interface Trial {
  state: 'running' | 'done' | 'stopped' | 'failed';
  startedAt: number;
  pieces: Piece[];
  text: string;
  firstMs?: number;
  durationMs?: number;
  /** As the door itself told them. */
  tokens?: number;
  error?: ErrorData;
}

export interface Trials {
  trial: Signal<Trial | undefined>;
  run(snippet: Pick<Snippet, 'ask'>, request: unknown): Promise<void>;
  stop(): void;
}

/** Runs the code of one door at a time and keeps what came of it. */
export function createTrials(): Trials {
  const trial = signal<Trial | undefined>(undefined);
  let stop: AbortController | undefined;

  async function run({ ask }: Pick<Snippet, 'ask'>, request: unknown): Promise<void> {
    stop?.abort();
    const own = new AbortController();
    stop = own;
    const started = performance.now();
    const since = () => Math.round(performance.now() - started);
    let now: Trial = { state: 'running', startedAt: Date.now(), pieces: [], text: '' };
    const show = (change: Partial<Trial>) => {
      now = { ...now, ...change };
      if (stop === own) trial.value = now;
    };
    show({});
    try {
      for await (const value of ask(request, own.signal)) {
        const text = textOf(value);
        const tokens = tokensOf(value);
        show({
          pieces: [...now.pieces, { at: since(), value }],
          text: now.text + text,
          ...(now.firstMs === undefined && text !== '' && { firstMs: since() }),
          ...(tokens !== undefined && { tokens }),
        });
      }
      show({ state: 'done', durationMs: since() });
    } catch (thrown) {
      if (own.signal.aborted) show({ state: 'stopped', durationMs: since() });
      else show({ state: 'failed', durationMs: since(), error: asErrorData(thrown) });
    }
  }

  return { trial, run, stop: () => stop?.abort() };
}

/** What a page would catch. Doors of the platform have names and no code of ours. */
function asErrorData(thrown: unknown): ErrorData {
  const { name, code, message, status, retryAfter } = thrown as Error & { code?: unknown; status?: number; retryAfter?: number };
  return {
    code: (typeof code === 'string' ? code : name) as ErrorData['code'],
    message: message || String(thrown),
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
  };
}
