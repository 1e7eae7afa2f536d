import { poolConfig } from '../../connections/pool.ts';
import { type SwitchboardError, toSwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import { orAborted } from '../or-aborted.ts';
import { defaultModel, type Resolved } from '../resolve.ts';
import { type Candidate, candidatesOf } from './candidates.ts';
import { allFailed, mayAskNext } from './failures.ts';
import type { Health } from './health.ts';
import type { PoolCall, PoolDeps } from './pools.ts';
import type { Rooms } from './rooms.ts';

/**
 * The answer of the first member that gives one. The next is asked only while nothing of an answer was shown, and only
 * where the failure says that nothing was charged (failures.ts).
 */
export async function* answerOf(
  { lists, listConnections, health, rooms, random }: PoolDeps & { health: Health; rooms: Rooms; random(): number },
  { target: { connection: pool, grant }, needs, ask, isSite }: PoolCall,
  signal: AbortSignal,
): AsyncGenerator<Part[]> {
  const { strategy } = poolConfig(pool);
  const { candidates: waiting, failures } = await candidatesOf(pool, await listConnections(), needs, lists);

  while (waiting.length > 0) {
    if (strategy === 'spread' && waiting.length > 1) await orAborted(rooms.ask(waiting, signal), signal);
    // No `await` from here to where it is taken, or many calls at once would all choose the same.
    const member = choose();
    const trialOfOthers = health.trialOf(member.key);
    if (trialOfOthers) {
      const error = await orAborted(trialOfOthers, signal);
      if (error) pass(member, error);
      continue;
    }
    waiting.splice(waiting.indexOf(member), 1);
    const leave = rooms.enter(member);
    const trial = health.begin(member.key);
    let isShown = false;
    try {
      for await (const parts of ask(await named(member))) {
        if (!isShown && parts.some(isAnswer)) {
          isShown = true;
          trial.worked();
        }
        yield withModel(parts, member);
      }
      return;
    } catch (thrown) {
      const error = toSwitchboardError(thrown);
      if (!signal.aborted) trial.failed(error);
      if (signal.aborted || isShown || !mayAskNext(error, member)) throw error;
      pass(member, error);
    } finally {
      trial.end();
      leave();
    }
  }
  throw allFailed(pool.name, failures, isSite);

  function pass(member: Candidate, error: SwitchboardError): void {
    if (waiting.includes(member)) waiting.splice(waiting.indexOf(member), 1);
    failures.push({ name: member.connection.name, error });
  }

  /** Of those that are well; when none is, the one that may be well again first. */
  function choose(): Candidate {
    const ready = waiting.filter(({ key }) => health.isReady(key));
    const [first] = ready.length === 0 ? waiting.toSorted(bySoonest) : strategy === 'fallback' ? ready : roomiest(ready);
    if (!first) throw allFailed(pool.name, failures, isSite);
    return first;
  }

  function bySoonest(one: Candidate, other: Candidate): number {
    return health.restsUntil(one.key) - health.restsUntil(other.key);
  }

  function roomiest(ready: Candidate[]): Candidate[] {
    const most = Math.max(...ready.map(rooms.free));
    const equals = ready.filter((candidate) => rooms.free(candidate) === most);
    return equals.slice(Math.floor(random() * equals.length));
  }

  async function named({ connection, model }: Candidate): Promise<Resolved> {
    const id = model ?? (await defaultModel({ connection }, undefined, (each) => lists.known(each, signal)));
    return { connection, model: id, ...(grant && { grant }) };
  }
}

/** A pool has many models: whoever answers is named. */
function withModel(parts: Part[], { model }: Candidate): Part[] {
  const end = parts.at(-1);
  if (end?.type !== 'end' || end.model !== undefined || model === undefined) return parts;
  return [...parts.slice(0, -1), { ...end, model }];
}

function isAnswer({ type }: Part): boolean {
  return type === 'text' || type === 'thought' || type === 'tool-call' || type === 'end';
}
