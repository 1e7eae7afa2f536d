import type { ErrorData } from '../protocol/errors.ts';
import type { LoadingPart } from '../protocol/part.ts';

/** A model that a server is loading or getting for the user, or that this browser is getting. */
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

/** `add`: this browser downloads a file; its `model` is the address, its connection `thisDevice`. */
export type WorkKind = 'load' | 'pull' | 'add';

/** In place of a connection for models that this browser gets: nothing needs to be connected for that. */
export const thisDevice = 'this-device';
