import type { ErrorData } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { LocalEngine } from './engine.ts';

/** Name of the ports between the background and the engine's page. One port is one call; closing it is the abort. */
export const enginePortName = 'engine';

/** The first and only message of the background. `params` is the first argument of the method. */
export interface EngineCall {
  method: keyof LocalEngine;
  params: unknown;
}

export type EngineReply =
  /** The page heard of the port; without it the port went nowhere and the call may be made again. */
  { type: 'ready' } | { type: 'parts'; parts: Part[] } | { type: 'done'; value?: unknown } | { type: 'error'; error: ErrorData };
