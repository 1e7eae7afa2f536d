import type { Calls } from '../../calls.ts';
import type { Failure } from '../errors.ts';
import type { CalledTool } from '../tools.ts';
import { platform } from './platform.ts';

/** What the background says beside text. */
export interface Piece {
  /** The end, for which there is a name on the platform. */
  error?: Failure;
  /** Of a model that is being loaded, 0 to 1. */
  loaded?: number;
  /** Tokens that fit; null where nobody knows. */
  window?: number | null;
  /** Tokens that are in use now, or that were measured. */
  usage?: number;
  /** That many turns, the oldest, are out of the context; `usage` is without them. */
  overflow?: number;
  /** Of a new turn: what it takes, and more contents of the assistant's message. */
  tokens?: number;
  more?: object[];
  /** What the model asks for, instead of an answer. */
  called?: CalledTool[];
  /** Of a task whose answer is no text. */
  result?: unknown;
}

/**
 * Asks the background and hands on what it says, text in as few pieces as it came. Resolves with the last piece;
 * rejects with the signal's reason, or with an exception as the platform throws it.
 */
export async function ask(
  calls: Calls,
  method: string,
  params: string,
  signal: AbortSignal | undefined,
  hear: (text: string, piece?: Piece) => unknown = () => {},
): Promise<Piece> {
  const pieces = calls.stream<string | Piece>(method, params, signal);
  let last: Piece = {};
  for (;;) {
    const batch = await next();
    if (!batch) return last;
    let text = '';
    for (let index = 0; index < batch.length; index++) {
      const piece = batch[index] as string | Piece;
      if (typeof piece === 'string') text += piece;
      else {
        if (piece.error) throw platform.exception(piece.error);
        last = piece;
        hear('', piece);
      }
    }
    if (text) await hear(text);
  }

  async function next(): Promise<(string | Piece)[] | undefined> {
    try {
      return (await pieces.next()).value;
    } catch (error) {
      if (signal && platform.isAborted(signal)) throw error;
      throw platform.exception({ name: 'UnknownError', message: (error as Error).message });
    }
  }
}
