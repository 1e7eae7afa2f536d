import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { canonical } from './canonical.ts';
import { readHeld } from './constraint/held.ts';
import { makeRoom } from './make-room.ts';
import { measure } from './measure.ts';
import type { Piece } from './piece.ts';
import { type Memory, readTurn } from './read.ts';
import { beginningOf, tell } from './tell.ts';

/** Makes room for messages that get no answer. */
export async function* append(router: Router, params: unknown, context: CallContext): AsyncGenerator<Piece[]> {
  const { memory, messages } = readTurn(params);
  const tokens = await measure(router, canonical(messages, { options: memory.options, isLater: hasBegun(memory) }), context);
  const { dropped, usage } = makeRoom(memory, tokens);
  if (dropped > 0) yield [{ overflow: dropped, usage }];
  yield [{ tokens, usage: usage + tokens }];
}

/** What a prompt would take, with what the model would be told about its constraint. */
export async function* measureUsage(router: Router, params: unknown, context: CallContext): AsyncGenerator<Piece[]> {
  const { memory, messages, constraint } = readTurn(params);
  const asked = canonical(messages, { options: memory.options, isLater: false });
  const measured = constraint?.isTold ? tell(asked, readHeld(constraint, beginningOf(asked)).instruction) : asked;
  yield [{ usage: await measure(router, measured, context) }];
}

export function hasBegun({ initial, turns }: Memory): boolean {
  return initial.length > 0 || turns.length > 0;
}
