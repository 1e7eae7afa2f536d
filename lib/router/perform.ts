import type { Engine } from '../backends/backend.ts';
import { watchConnections } from '../connections/store.ts';
import { whereabouts } from '../connections/whereabouts.ts';
import { watchGrants } from '../permissions/grants.ts';
import { createRateLimiter } from '../permissions/limits.ts';
import { toSwitchboardError } from '../protocol/errors.ts';
import { refusal } from '../protocol/page-errors.ts';
import type { Part } from '../protocol/part.ts';
import type { ActivityEntry } from '../usage/activity.ts';
import type { Ledger } from '../usage/ledger.ts';
import type { ActivityLog } from '../usage/log.ts';
import type { Admission, Door } from './admission.ts';
import { type Caller, callerOrigin } from './caller.ts';
import { checked, reasonOf } from './checked.ts';
import type { Engines } from './engines.ts';
import { type Meter, startMeter } from './meter.ts';
import type { ModelLists } from './model-lists.ts';
import type { Wanted } from './question-content.ts';
import type { Resolved } from './resolve.ts';
import type { Target } from './router.ts';
import type { RunBook } from './runs.ts';
import { backendErrorForSite } from './site-error.ts';

/** One call: what it wants, how long it may get, and how an engine is asked. */
export interface Job {
  wanted: Wanted;
  inputTokens: number;
  /** The longest answer that the caller, or the settings of the connection, allow. */
  outputTokens(resolved: Resolved): number | undefined;
  start(engine: Engine, resolved: Resolved, signal: AbortSignal): AsyncIterable<Part[]>;
}

export interface PerformDeps {
  door: Door;
  engines: Engines;
  lists: ModelLists;
  ledger: Ledger;
  log: ActivityLog;
  runs: RunBook;
  originRulesReady(): Promise<void>;
}

export type Perform = (caller: Caller, job: Job, signal: AbortSignal, target?: Target) => AsyncGenerator<Part[]>;

/**
 * The main line of every call: consent, limits, budget, engine, answer, bookkeeping, in this order. A call whose grant
 * or connection goes away while it runs fails with `denied` at once.
 */
export function createPerform({ door, engines, lists, ledger, log, runs, originRulesReady }: PerformDeps): Perform {
  const limiter = createRateLimiter();
  const admissions = new Map<string, { caller: Caller; admission: Admission }>();

  async function recheck(): Promise<void> {
    for (const { run, stop } of runs.live()) {
      const known = admissions.get(run.id);
      if (known && !(await door.isStillAllowed(known.caller, known.admission))) stop(refusal('denied'));
    }
  }
  // What cannot be read is not known to have changed: the next change asks again.
  const recheckSoon = () => void recheck().catch(() => {});
  watchGrants(recheckSoon);
  watchConnections(recheckSoon);

  return async function* perform(caller, { wanted, inputTokens, outputTokens, start }, signal, target) {
    const tabId = caller.role === 'site' ? { tabId: caller.tabId } : {};
    const live = runs.start({ origin: callerOrigin(caller), connectionId: '', model: '', ...tabId });
    const { id } = live.run;
    const stop = AbortSignal.any([signal, live.signal]);
    let admitting: Promise<Admission> | undefined;
    let admission: Admission | undefined;
    let leave: (() => void) | undefined;
    let meter: Meter | undefined;
    /** From here on errors are the backend's. */
    let isAsked = false;
    // What stays when whoever reads the answer just goes away.
    let outcome: ActivityEntry['outcome'] = 'aborted';
    try {
      admitting = door.admit(caller, wanted, stop, () => live.update({ state: 'asking' }), target);
      admission = await orAborted(admitting, stop);
      admissions.set(id, { caller, admission });
      // From here on changes reach `recheck`; one that came while the model was being looked up did not.
      if (!(await door.isStillAllowed(caller, admission))) throw refusal('denied');
      const { connection, model, grant } = admission;
      live.update({ connectionId: connection.id, model, state: 'waiting' });
      leave = limiter.enter(callerOrigin(caller), grant?.limits ?? {});
      const info = await lists.info(connection, model);
      meter = await startMeter(
        { ledger, log },
        { id, caller, target: admission, info, inputTokens, outputTokens: outputTokens(admission) },
      );
      const [engine] = await orAborted(Promise.all([engines.open(connection), originRulesReady()]), stop);
      const { write, watch, complete } = meter;
      isAsked = true;
      const answer = checked(start(engine, admission, stop), {
        signal: stop,
        host: whereabouts(connection).host ?? connection.name,
        complete,
        watch(parts, characters) {
          watch(parts, characters);
          live.see(parts, characters);
        },
      });
      // A microtask, so that the request leaves first. A full disk stops nobody: the budget is kept in memory too. Only what
      // may cost money waits for the disk, which in Firefox takes longer than a server nearby needs for its first word.
      const written = Promise.resolve()
        .then(write)
        .catch(() => {});
      let writing: Promise<void> | undefined = whereabouts(connection).place === 'company' ? written : undefined;
      for await (const parts of answer) {
        if (writing) await writing;
        writing = undefined;
        if (parts.at(-1)?.type === 'end') outcome = 'done';
        yield parts;
      }
    } catch (thrown) {
      const error = stop.aborted ? reasonOf(stop) : toSwitchboardError(thrown);
      outcome = error.code;
      throw isAsked && caller.role === 'site' ? backendErrorForSite(error) : error;
    } finally {
      meter?.finish(outcome);
      leave?.();
      admissions.delete(id);
      // Also when it comes too late: a 'once' that was taken meanwhile is over.
      void admitting?.then(({ end }) => end()).catch(() => {});
      live.end();
    }
  };
}

/** Does not wait for work that a stopped call has no use for any more. */
async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) throw reasonOf(signal);
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const onAbort = () => reject(reasonOf(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  work.then(resolve, reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
