import type { Part } from '../../protocol/part.ts';
import type { Caller } from '../../router/caller.ts';
import type { Router } from '../../router/router.ts';
import type { Answer } from './answer.ts';

/** A generating route: how it asks, and how its answer looks. */
export interface Door {
  idPrefix: string;
  ask(router: Router, caller: Caller, body: unknown, signal: AbortSignal): AsyncIterable<Part[]>;
  chunks(answer: Answer): ChunkMaker;
  /** Puts an answer that is not streamed together. */
  whole(answer: Answer): Collector;
}

export interface ChunkMaker {
  /** What opens a stream, where the shape has such a thing. */
  opening?: object;
  /** The chunk of a text, with the text empty; of all text chunks only the text differs. */
  sample: object;
  /** The chunks of any other part. */
  of(part: Part): object[];
}

export interface Collector {
  add(part: Part): void;
  finish(): object;
}
