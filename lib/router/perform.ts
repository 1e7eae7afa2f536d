import type { Engine } from '../backends/backend.ts';
import type { Connection } from '../connections/connection.ts';
import { isPool } from '../connections/pool.ts';
import { watchConnections } from '../connections/store.ts';
import { watchGrants } from '../permissions/grants.ts';
import { createRateLimiter } from '../permissions/limits.ts';
import { toSwitchboardError } from '../protocol/errors.ts';
import type { Ability } from '../protocol/model.ts';
import { refusal } from '../protocol/page-errors.ts';
import type { Part } from '../protocol/part.ts';
import type { Admission, Door } from './admission.ts';
import { type AttemptDeps, attempt } from './attempt.ts';
import { type Caller, callerName, callerOrigin } from './caller.ts';
import { reasonOf } from './checked.ts';
import type { RuleBroken } from './lacks.ts';
import { noteRefusal } from './meter.ts';
import { orAborted } from './or-aborted.ts';
import type { Pools } from './pool/pools.ts';
import type { Wanted } from './question-content.ts';
import type { Resolved } from './resolve.ts';
import type { Run, Target } from './router.ts';
import type { RunBook } from './runs.ts';
import { backendErrorForSite } from './site-error.ts';

/** One call: what it wants, how long it may get, and how an engine is asked. */
export interface Job {
  wanted: Wanted;
  /** What the model must be able to do; a pool passes over members that cannot. */
  needs: Ability[];
  /** How many answers to the one request; 1 where nobody said. */
  answers?: number;
  inputTokens: number;
  /** The longest answer that the caller, or the settings of the connection, allow. */
  outputTokens(resolved: Resolved): number | undefined;
  /** What is asked, for users who keep the words. */
  words(): string;
  start(engine: Engine, resolved: Resolved, signal: AbortSignal): AsyncIterable<Part[]>;
}

export interface PerformDeps extends AttemptDeps {
  door: Door;
  /** Read when a pool is first asked. */
  pools(): Pools;
  runs: RunBook;
}

export type Perform = (caller: Caller, job: Job, signal: AbortSignal, target?: Target) => AsyncGenerator<Part[]>;

/**
 * The main line of every call: consent, limits, then the model that answers, or the members of a pool until one does. A
 * call whose grant or connection goes away while it runs fails with `denied` at once.
 */
export function createPerform({ door, pools, runs, ...deps }: PerformDeps): Perform {
  const limiter = createRateLimiter();
  /** `at`: who is being asked, where that is a member of a pool. */
  const admissions = new Map<string, { caller: Caller; admission: Admission; at?: Connection }>();

  async function recheck(): Promise<void> {
    for (const { run, stop } of runs.live()) {
      const known = admissions.get(run.id);
      if (known && !(await door.isStillAllowed(known.caller, known.admission, known.at))) stop(refusal('denied'));
    }
  }
  /** Of grants, connections and policy, since the background started. */
  let changes = 0;
  const recheckSoon = () => {
    changes += 1;
    // What cannot be read is not known to have changed: the next change asks again.
    void recheck().catch(() => {});
  };
  watchGrants(recheckSoon);
  // A new policy changes connections, and so it is heard here too.
  watchConnections(recheckSoon);

  return async function* perform(caller, { wanted, needs, answers = 1, inputTokens, outputTokens, words, start }, signal, target) {
    const live = runs.start({ origin: callerOrigin(caller), connectionId: '', model: '', ...placeOf(caller) });
    const { id } = live.run;
    const stop = AbortSignal.any([signal, live.signal]);
    let admitting: Promise<Admission> | undefined;
    let leave: (() => void) | undefined;
    /** From here on errors are the backend's. */
    let isAsked = false;
    const changesBefore = changes;

    const ask = (who: Resolved, attemptId: string) =>
      attempt(
        deps,
        { id: attemptId, caller, target: who, live, inputTokens, outputTokens: outputTokens(who), answers, words, start },
        stop,
      );

    /** Each line of the activity list needs its own id; the first keeps that of the call. */
    async function* askMember(admission: Admission, member: Resolved, attemptId: string): AsyncGenerator<Part[]> {
      admissions.set(id, { caller, admission, at: member.connection });
      if (!(await door.isStillAllowed(caller, admission, member.connection))) throw refusal('denied');
      yield* ask(member, attemptId);
    }

    function answerOfPool(admission: Admission): AsyncIterable<Part[]> {
      const ids = [id];
      const askNext = (member: Resolved) => askMember(admission, member, ids.pop() ?? crypto.randomUUID());
      return pools().answer({ target: admission, needs, ask: askNext, isSite: caller.role === 'site' }, stop);
    }

    try {
      admitting = door.admit(caller, wanted, stop, () => live.update({ state: 'asking' }), target);
      const admission = await orAborted(admitting, stop);
      admissions.set(id, { caller, admission });
      // From here on changes reach `recheck`; one that came while the model was being looked up did not.
      if (changes !== changesBefore && !(await door.isStillAllowed(caller, admission))) throw refusal('denied');
      try {
        leave = await limiter.enterInTurn(callerName(caller), admission.limits, answers, stop);
      } catch (thrown) {
        if (!stop.aborted) noteRefusal(deps.log, { id, caller, target: admission }, toSwitchboardError(thrown));
        throw thrown;
      }
      isAsked = true;
      yield* isPool(admission.connection) ? answerOfPool(admission) : ask(admission, id);
    } catch (thrown) {
      const error = stop.aborted ? reasonOf(stop) : toSwitchboardError(thrown);
      const { target: refused } = (error.cause ?? {}) as Partial<RuleBroken>;
      if (refused) noteRefusal(deps.log, { id, caller, target: refused }, error);
      throw isAsked && caller.role === 'site' ? backendErrorForSite(error) : error;
    } finally {
      leave?.();
      admissions.delete(id);
      // Also when it comes too late: a 'once' that was taken meanwhile is over.
      void admitting?.then(({ end }) => end()).catch(() => {});
      live.end();
    }
  };
}

/** Where the popup finds the run: in its tab, in a frame of another page, in a private window. */
function placeOf(caller: Caller): Pick<Run, 'tabId' | 'topOrigin' | 'isPrivate'> {
  if (caller.role !== 'site') return {};
  const { tabId, topOrigin, isPrivate } = caller;
  return { tabId, ...(topOrigin !== undefined && { topOrigin }), ...(isPrivate && { isPrivate }) };
}
