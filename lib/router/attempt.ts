import type { Engine } from '../backends/backend.ts';
import { whereabouts } from '../connections/whereabouts.ts';
import { toSwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { ActivityEntry } from '../usage/activity.ts';
import type { Ledger } from '../usage/ledger.ts';
import type { ActivityLog } from '../usage/log.ts';
import type { Caller } from './caller.ts';
import { checked, reasonOf } from './checked.ts';
import type { Engines } from './engines.ts';
import { type Meter, startMeter } from './meter.ts';
import type { ModelLists } from './model-lists.ts';
import { orAborted } from './or-aborted.ts';
import type { Resolved } from './resolve.ts';
import type { LiveRun } from './runs.ts';

export interface AttemptDeps {
  engines: Engines;
  lists: ModelLists;
  ledger: Ledger;
  log: ActivityLog;
  originRulesReady(): Promise<void>;
}

export interface Attempt {
  /** Of its line in the activity list. */
  id: string;
  caller: Caller;
  /** Who is asked. Never a pool. */
  target: Resolved;
  live: LiveRun;
  inputTokens: number;
  outputTokens: number | undefined;
  /** How many answers to the one request. */
  answers: number;
  /** What was asked, for users who keep the words. */
  words(): string;
  start(engine: Engine, target: Resolved, signal: AbortSignal): AsyncIterable<Part[]>;
}

/** One model is asked once: budget, engine, answer, bookkeeping, in this order. Throws what the backend said. */
export async function* attempt(deps: AttemptDeps, asked: Attempt, stop: AbortSignal): AsyncGenerator<Part[]> {
  const { engines, lists, originRulesReady } = deps;
  const { live, target, start } = asked;
  const { connection, model } = target;
  // A site that may not see the user's models does not learn the name of one from its answers either.
  const isNameKept = asked.caller.role === 'site' && target.grant?.abilities.includes('list') === false;
  let meter: Meter | undefined;
  // What stays when whoever reads the answer just goes away.
  let outcome: ActivityEntry['outcome'] = 'aborted';
  try {
    live.update({ connectionId: connection.id, model, state: 'waiting' });
    asked.caller.trace?.chosen(connection.id, model);
    const info = await lists.info(connection, model);
    const { place, host = connection.name } = whereabouts(connection);
    meter = await startMeter(deps, { ...asked, info, place });
    const [engine] = await orAborted(Promise.all([engines.open(connection), originRulesReady()]), stop);
    const { write, watch, complete, isPaid } = meter;
    // What may cost money is on disk before it is asked for, so that no death of the background loses it. A full disk stops
    // nobody: the budget is kept in memory too.
    if (isPaid) await write().catch(ignore);
    const answer = checked(start(engine, target, stop), {
      signal: stop,
      host,
      graceMs: engine.graceMs,
      complete,
      watch(parts, characters) {
        watch(parts, characters);
        live.see(parts, characters);
      },
    });
    // Nothing else waits for the disk, and the disk waits for the first word, though not for long: both at once cost the word
    // of a server nearby half a millisecond.
    let isWritten = isPaid;
    const writeOnce = () => {
      if (!isWritten) void write().catch(ignore);
      isWritten = true;
    };
    setTimeout(writeOnce, firstWordMs);
    for await (const parts of answer) {
      if (parts.at(-1)?.type === 'end') outcome = 'done';
      yield isNameKept ? withoutName(parts) : parts;
      writeOnce();
    }
  } catch (thrown) {
    if (meter?.isFull() && !stop.aborted) {
      outcome = 'done';
      yield [meter.complete({ type: 'end', reason: 'length', model: isNameKept ? 'default' : model })];
      return;
    }
    const error = stop.aborted ? reasonOf(stop) : toSwitchboardError(thrown);
    outcome = error.code;
    throw error;
  } finally {
    meter?.finish(outcome);
  }
}

function withoutName(parts: Part[]): Part[] {
  return parts.map((part) => (part.type === 'end' ? { ...part, model: 'default' } : part));
}

/** A server on this machine has begun to answer by then. */
const firstWordMs = 100;

function ignore(): void {}
