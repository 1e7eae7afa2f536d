import type { ErrorData } from '../protocol/errors.ts';
import type { LoadingPart } from '../protocol/part.ts';

/** A model that a server is loading or getting for the user. */
export interface ModelWork {
  connectionId: string;
  model: string;
  kind: WorkKind;
  /** What failed is kept until it is tried again or forgotten; what is done leaves the list. */
  state: 'running' | 'failed';
  /** What the server said last: how far it is, and in which phase. */
  said?: LoadingPart;
  error?: ErrorData;
  startedAt: number;
}

export type WorkKind = 'load' | 'pull';
