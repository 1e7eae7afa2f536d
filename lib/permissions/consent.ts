import type { Decision } from '../protocol/access.ts';
import { SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import { refusal } from '../protocol/page-errors.ts';
import { createConsentWindow } from './consent-window.ts';
import type { Grant, GrantAbility, GrantLimits } from './grant.ts';
import type { GrantWish } from './grants.ts';
import { consentRules } from './limits.ts';
import { type Means, means as usualMeans } from './means.ts';
import { grantedModel, type Outcome, type Pending, settle, waitFor } from './pending.ts';
import { type ConsentQuestion, digestOf, getQuestion, putQuestion, type QuestionContent } from './question.ts';
import { type Asker, forgive, recordDenial, recordVain, refuseIfDenied, siteKey } from './throttle.ts';

export interface ConsentRequest extends Asker {
  isActive(): boolean;
  /** The site asks for access; otherwise the first call that waits is the one that is shown and runs. */
  asksAccessOnly: boolean;
  /** What its call needs. */
  abilities: GrantAbility[];
  /** What is shown, asked for when it is this question's turn. */
  describe(): Promise<Description>;
  /** Resolves once there is something connected to ask about, rejects when the signal ends the waiting. */
  untilConnected(signal: AbortSignal): Promise<void>;
}

export interface Description {
  content: QuestionContent;
  /** Revision of each connection that can be chosen: what the user agrees to is that revision. */
  revisions: Record<string, number>;
}

export interface Answer {
  id: string;
  nonce: string;
  decision: Decision;
  /** Another model than the one that was asked for. */
  choice?: { connectionId: string; model: string };
  /** Fewer than were asked for. */
  abilities?: GrantAbility[];
  limits?: GrantLimits;
}

export interface Consent {
  /**
   * The user's answer: the grant it made, spent already if it was 'once' and an answer was asked for. Nothing means
   * that another call of the same site was answered: look at the grants again. Throws `denied`, `needs-user`, `aborted`.
   */
  ask(request: ConsentRequest, signal: AbortSignal): Promise<Grant | undefined>;
  /** What the consent window says. Throws `bad-request` unless it answers exactly the question that is shown. */
  decide(answer: Answer): Promise<void>;
}

/** Nobody looked: the same as a no. */
const patienceMs = 120_000;
/** For as long as somebody may take to connect a model that a site has asked for. */
const connectMs = 600_000;
/** Sites that wait for their turn; whoever comes later is listed in the popup. */
const maxWaiting = 10;

/**
 * One question at a time before the user, one for each site; further calls of the site wait for the same answer. `means`:
 * the background's own, where this code comes late, so that what is granted here is known there at once.
 */
export function createConsent(means: Means = usualMeans): Consent {
  const { addGrant, findGrants, watchGrants, takeOnce, forgetAsking, noteAsking } = means;
  const queue: Pending[] = [];
  /** Sites whose user has gone to connect a model; they are asked about again then. */
  const aside = new Set<Pending>();
  let current: Pending | undefined;
  // A question whose background died cannot be answered any more; the window that shows it says so and closes.
  const cleared = putQuestion(undefined).catch(() => {});
  const window = createConsentWindow(() => {
    if (current) void deny(current);
  });

  /** The user allowed or blocked the site elsewhere, in the popup: whoever waits looks at the grants again. */
  async function withdrawAnswered(): Promise<void> {
    for (const pending of everyone()) {
      if (!pending || pending.isAnswered || pending.isOver) continue;
      const held = await grantsHeld(pending.request);
      if (held !== '' && held !== pending.held && !pending.isAnswered) end(pending, undefined);
    }
  }
  watchGrants(() => void withdrawAnswered().catch(() => {}));

  async function ask(request: ConsentRequest, signal: AbortSignal): Promise<Grant | undefined> {
    signal.throwIfAborted();
    await refuseIfDenied(request, request.asksAccessOnly);
    const held = await grantsHeld(request);
    const key = siteKey(request);
    const joined = everyone().find((pending) => pending?.key === key && !pending.isOver);
    if (!joined && (!request.isActive() || queue.length >= maxWaiting)) {
      await noteAsking(askingOf(request));
      throw refusal('needs-user');
    }
    const pending = joined ?? enqueue({ key, request, held, sharers: new Set() });
    const answer = waitFor(pending, signal, () => withdraw(pending));
    showNext();
    return await answer;
  }

  function everyone(): (Pending | undefined)[] {
    return [current, ...queue, ...aside];
  }

  function enqueue(pending: Pending): Pending {
    queue.push(pending);
    return pending;
  }

  function showNext(): void {
    if (current) return;
    current = queue.shift();
    if (current) current.showing = show(current);
  }

  async function show(pending: Pending): Promise<void> {
    const { origin, topOrigin, isPrivate, asksAccessOnly } = pending.request;
    try {
      // Again: the user may have said no to its neighbours while it waited.
      await refuseIfDenied(pending.request, asksAccessOnly);
      const { content, revisions } = await pending.request.describe();
      const question: ConsentQuestion = {
        ...content,
        id: crypto.randomUUID(),
        nonce: crypto.randomUUID(),
        origin,
        ...(topOrigin !== undefined && { topOrigin }),
        ...(isPrivate && { isPrivate }),
        createdAt: Date.now(),
      };
      pending.shown = { question, revisions, digest: await digestOf(question) };
      await cleared;
      if (pending.isOver) return;
      await putQuestion(question);
      if (!pending.isOver) await window.open();
      pending.timer = setTimeout(() => void deny(pending), patienceMs);
    } catch (thrown) {
      end(pending, toSwitchboardError(thrown));
    }
  }

  /** The page is gone, or has changed its mind. */
  function withdraw(pending: Pending): void {
    if (pending.shown && !pending.isOver && !pending.isAnswered) pending.noted = recordVain(pending.request).catch(() => {});
    end(pending, undefined);
  }

  /** Everyone who waits is answered once; then the next question may come. */
  function end(pending: Pending, outcome: Outcome): void {
    if (pending.isOver) return;
    pending.isOver = true;
    settle(pending, outcome);
    if (pending === current) void cleanUp(pending);
    else if (!aside.delete(pending)) queue.splice(queue.indexOf(pending), 1);
  }

  async function cleanUp(pending: Pending): Promise<void> {
    await pending.showing;
    clearTimeout(pending.timer);
    await Promise.allSettled([putQuestion(undefined), window.close(), pending.noted]);
    current = undefined;
    showNext();
  }

  /** Remembered before anyone hears of it: a page that asks again at once is to find it. */
  async function deny(pending: Pending): Promise<void> {
    if (pending.isAnswered || pending.isOver) return;
    pending.isAnswered = true;
    const { request } = pending;
    await Promise.allSettled([recordDenial(request), forgetAsking(request)]);
    end(pending, refusal('denied'));
  }

  async function decide({ id, nonce, decision, choice, abilities, limits }: Answer): Promise<void> {
    const pending = current;
    const shown = pending?.shown;
    const stored = await getQuestion(id);
    const isThisQuestion = pending && shown && stored && shown.question.id === id && stored.nonce === nonce;
    if (!isThisQuestion || (await digestOf(stored)) !== shown.digest || pending.isOver || pending.isAnswered) {
      throw new SwitchboardError('bad-request', 'This question was answered or withdrawn already. Let the site ask again.');
    }
    const { question } = shown;
    if (question.isUnconnected && decision !== 'deny' && decision !== 'block') return await putAside(pending);
    const model = grantedModel(shown, choice);
    if (decision === 'deny') return await deny(pending);
    pending.isAnswered = true;
    try {
      const granted = question.abilities.filter((ability) => abilities?.includes(ability) ?? true);
      const wish = { decision, models: [model], abilities: granted, limits: limits ?? question.limits };
      end(pending, await carryOut(pending.request, question.held ? wish : { ...wish, rules: consentRules }));
    } catch (thrown) {
      // The window is still there, and the user can try again.
      pending.isAnswered = false;
      throw thrown;
    }
  }

  /** The user goes to connect a model. The site hears nothing of it, and the question comes back when there is one. */
  async function putAside(pending: Pending): Promise<void> {
    clearTimeout(pending.timer);
    // What closes the window now is not a no.
    pending.isAnswered = true;
    await Promise.allSettled([putQuestion(undefined), window.close()]);
    pending.isAnswered = false;
    delete pending.shown;
    // The page may have gone meanwhile.
    if (current !== pending || pending.isOver) return;
    current = undefined;
    aside.add(pending);
    void pending.request.untilConnected(AbortSignal.timeout(connectMs)).then(
      () => {
        if (!aside.delete(pending)) return;
        queue.unshift(pending);
        showNext();
      },
      () => end(pending, refusal('not-configured')),
    );
    showNext();
  }

  /** Writes what the user decided. The prompt that was shown is the one that runs: 'once' is spent on the call that asked, before anyone else looks. */
  async function carryOut(request: ConsentRequest, wish: Omit<GrantWish, 'origin'>): Promise<Outcome> {
    const { origin, topOrigin, isPrivate, asksAccessOnly } = request;
    const grant = await addGrant({ ...wish, origin, ...(topOrigin !== undefined && { topOrigin }), isPrivate, source: 'prompt' });
    await forgetAsking(request);
    if (grant.decision === 'block') return refusal('denied');
    if (grant.decision === 'once' && !asksAccessOnly) await takeOnce(grant.id, isPrivate);
    await forgive(request);
    return grant;
  }

  /** Everything about them that can make a difference to whoever asks. */
  async function grantsHeld(site: ConsentRequest): Promise<string> {
    const grants = await findGrants(site);
    return grants.length === 0 ? '' : JSON.stringify(grants.map(({ id, models, abilities, limits }) => [id, models, abilities, limits]));
  }

  return { ask, decide };
}

function askingOf({ origin, topOrigin, isPrivate, tabId, abilities }: ConsentRequest) {
  return { origin, ...(topOrigin !== undefined && { topOrigin }), ...(isPrivate && { isPrivate }), tabId, abilities };
}
