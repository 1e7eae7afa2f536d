import type { Part } from '../../protocol/part.ts';
import type { Caller } from '../../router/caller.ts';
import type { Router } from '../../router/router.ts';
import type { Marked } from './several.ts';

/** A generating route: reads a body, or throws what is wrong with it. `asker`: the name of who sent it. */
export type Door = (body: Record<string, unknown>, asker: string) => Reading;

/** A body that was read: how it is asked, and how its answer looks. */
export interface Reading {
  ask(router: Router, caller: Caller, signal: AbortSignal): AsyncIterable<Part[]>;
  /** For an answer that is streamed. */
  chunks(): ChunkMaker;
  /** For one that is not. */
  whole(): Collector;
}

export interface ChunkMaker {
  /** What opens a stream. */
  opening: object[];
  /**
   * The chunk of a text, with the text empty, where of all text chunks of the first answer only the text differs: the
   * page then gets those texts alone.
   */
  sample?: object;
  /** The chunks of any other part. */
  of(part: Marked): object[];
  /** A failure after the answer has begun. */
  failure(thrown: unknown): object[];
  /** The chunk as an event. */
  event(chunk: object): string;
  /** What comes after the last chunk. */
  closing: string;
}

export interface Collector {
  add(part: Marked): void;
  finish(): object;
}

/** A chunk as most routes send it: without a name. */
export function plainEvent(chunk: object): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

export const plainClosing = 'data: [DONE]\n\n';
