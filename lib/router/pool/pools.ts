import type { Connection } from '../../connections/connection.ts';
import type { Ability } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { Engines } from '../engines.ts';
import type { ModelLists } from '../model-lists.ts';
import type { Resolved } from '../resolve.ts';
import { answerOf } from './answer.ts';
import { createHealth, type HealthOptions } from './health.ts';
import { createRooms } from './rooms.ts';

/** Answers for pools: asks their members until one answers. */
export interface Pools {
  answer(call: PoolCall, signal: AbortSignal): AsyncIterable<Part[]>;
}

export interface PoolCall {
  /** The pool, as it was admitted. */
  target: Resolved;
  /** What the one who answers must be able to do. */
  needs: Ability[];
  /** Asks a member once, with all bookkeeping. */
  ask(member: Resolved): AsyncIterable<Part[]>;
  /** A page asks: it hears one plain reason and not who the members are. */
  isSite: boolean;
}

/** From the background, because this code comes later, as a script of its own, and shares no modules with it. */
export interface PoolDeps {
  engines: Engines;
  lists: ModelLists;
  listConnections(): Promise<Connection[]>;
}

/** What members did lately is kept in memory: a background that starts again has the patience to find out anew. */
export function createPools(deps: PoolDeps, options: HealthOptions = {}): Pools {
  const health = createHealth(options);
  const rooms = createRooms(deps.engines);
  const { random = Math.random } = options;
  return { answer: (call, signal) => answerOf({ ...deps, health, rooms, random }, call, signal) };
}
