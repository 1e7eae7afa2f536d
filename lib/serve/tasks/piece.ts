import type { FailureData } from '../prompt/failure.ts';
import type { Detected } from './detect/rank.ts';
import type { ExplainedCorrection } from './proofread/explain.ts';

/** What the page script hears: text, and the rest by its fields (lib/page/language-model/late/ask.ts). */
export type TaskPiece = string | TaskPieceData;

export interface TaskPieceData {
  error?: FailureData;
  /** Of a model that is being loaded, 0 to 1. */
  loaded?: number;
  /** Tokens that an input may have; null where nobody knows. */
  window?: number | null;
  /** Tokens that were measured; by `create` those of everything beside the input. */
  usage?: number;
  result?: Proofread | Detected[];
}

/** What `proofread` answers; an input without words has no list. */
export interface Proofread {
  correctedInput: string;
  corrections?: ExplainedCorrection[];
}
