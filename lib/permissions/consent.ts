import type { Decision } from '../protocol/access.ts';
import { SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import { refusal } from '../protocol/page-errors.ts';
import { forgetAsking, noteAsking } from './asking.ts';
import { createConsentWindow } from './consent-window.ts';
import type { Grant, GrantedModel, GrantLimits } from './grant.ts';
import { addGrant, findGrants, setGrant, takeOnce, watchGrants } from './grants.ts';
import { type ConsentQuestion, digestOf, getQuestion, putQuestion, type QuestionContent } from './question.ts';
import { coolDownOf, forgive, isStillDenied, recordDenial } from './throttle.ts';

export interface ConsentRequest {
  origin: string;
  tabId: number;
  isPrivate: boolean;
  isActive(): boolean;
  /** The site asks for access; otherwise the first call that waits is the one that is shown and runs. */
  asksAccessOnly: boolean;
  /** What is shown, asked for when it is this question's turn. */
  describe(): Promise<Description>;
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

/** One question at a time before the user, one for each site; further calls of the site wait for the same answer. */
export function createConsent(): Consent {
  const queue: Pending[] = [];
  let current: Pending | undefined;
  // A question whose background died cannot be answered any more; the window that shows it says so and closes.
  const cleared = putQuestion(undefined).catch(() => {});
  const window = createConsentWindow(() => {
    if (current && !current.isAnswered) deny(current);
  });

  /** The user allowed or blocked the site elsewhere, in the popup: whoever waits looks at the grants again. */
  async function withdrawAnswered(): Promise<void> {
    for (const pending of [current, ...queue]) {
      if (!pending || pending.isAnswered || pending.isOver) continue;
      const held = await grantsHeld(pending.request);
      if (held !== '' && held !== pending.held && !pending.isAnswered) end(pending, undefined);
    }
  }
  watchGrants(() => void withdrawAnswered());

  async function ask(request: ConsentRequest, signal: AbortSignal): Promise<Grant | undefined> {
    signal.throwIfAborted();
    await refuseIfDenied(request);
    const held = await grantsHeld(request);
    const key = keyOf(request);
    const joined = [current, ...queue].find((pending) => pending?.key === key && !pending.isOver);
    if (!joined && !request.isActive()) {
      await noteAsking(request.origin, request.tabId);
      throw refusal('needs-user');
    }
    const pending = joined ?? enqueue({ key, request, held, sharers: new Set() });
    return await answerTo(pending, signal);
  }

  function enqueue(pending: Pending): Pending {
    queue.push(pending);
    return pending;
  }

  /** Waits as the owner of the question or with the others; leaving early withdraws the question or just oneself. */
  function answerTo(pending: Pending, signal: AbortSignal): Promise<Grant | undefined> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        settle(outcome) {
          signal.removeEventListener('abort', leave);
          if (outcome instanceof SwitchboardError) reject(outcome);
          else resolve(outcome);
        },
      };
      function leave(): void {
        waiter.settle(new SwitchboardError('aborted', 'The call was stopped while the user was being asked.'));
        if (pending.owner === waiter) end(pending, undefined);
        else pending.sharers.delete(waiter);
      }
      signal.addEventListener('abort', leave, { once: true });
      if (pending.owner) pending.sharers.add(waiter);
      else pending.owner = waiter;
      if (signal.aborted) leave();
      showNext();
    });
  }

  function showNext(): void {
    if (current) return;
    current = queue.shift();
    if (current) current.showing = show(current);
  }

  async function show(pending: Pending): Promise<void> {
    const { origin } = pending.request;
    try {
      const { content, revisions } = await pending.request.describe();
      const question: ConsentQuestion = { ...content, id: crypto.randomUUID(), nonce: crypto.randomUUID(), origin, createdAt: Date.now() };
      pending.shown = { question, revisions, digest: await digestOf(question) };
      await cleared;
      if (pending.isOver) return;
      await putQuestion(question);
      if (!pending.isOver) await window.open();
      pending.timer = setTimeout(() => deny(pending), patienceMs);
    } catch (thrown) {
      end(pending, toSwitchboardError(thrown));
    }
  }

  /** Everyone who waits is answered once; then the next question may come. */
  function end(pending: Pending, outcome: Outcome): void {
    if (pending.isOver) return;
    pending.isOver = true;
    pending.owner?.settle(outcome);
    for (const sharer of pending.sharers) sharer.settle(outcome instanceof SwitchboardError ? outcome : undefined);
    if (pending === current) void cleanUp(pending);
    else queue.splice(queue.indexOf(pending), 1);
  }

  async function cleanUp(pending: Pending): Promise<void> {
    await pending.showing;
    clearTimeout(pending.timer);
    await Promise.allSettled([putQuestion(undefined), window.close()]);
    current = undefined;
    showNext();
  }

  function deny(pending: Pending): void {
    if (pending.isOver) return;
    const { request } = pending;
    end(pending, refusal('denied'));
    void Promise.all([recordDenial(askersOf(request)), forgetAsking({ origin: request.origin })]).catch(() => {});
  }

  async function decide({ id, nonce, decision, choice, limits }: Answer): Promise<void> {
    const pending = current;
    const shown = pending?.shown;
    const stored = await getQuestion(id);
    const isThisQuestion = pending && shown && stored && shown.question.id === id && stored.nonce === nonce;
    if (!isThisQuestion || (await digestOf(stored)) !== shown.digest || pending.isOver || pending.isAnswered) {
      throw new SwitchboardError('bad-request', 'This question was answered or withdrawn already. Let the site ask again.');
    }
    const { request } = pending;
    const model = grantedModel(shown, choice);
    pending.isAnswered = true;
    if (decision === 'deny') return deny(pending);
    const wish = { origin: request.origin, decision, models: [model], limits: limits ?? shown.question.limits };
    if (decision === 'block') {
      await setGrant(wish, request.isPrivate);
      end(pending, refusal('denied'));
    } else {
      const grant = await addGrant(wish, request.isPrivate);
      // The prompt that was shown is the one that runs: a 'once' belongs to the call that asked, before anyone else looks.
      if (decision === 'once' && !request.asksAccessOnly) await takeOnce(grant.id, request.isPrivate);
      await forgive(askersOf(request));
      end(pending, grant);
    }
    await forgetAsking({ origin: request.origin });
  }

  return { ask, decide };
}

type Outcome = Grant | SwitchboardError | undefined;

interface Waiter {
  settle(outcome: Outcome): void;
}

interface Pending {
  key: string;
  request: ConsentRequest;
  /** What the site had been granted when it asked. */
  held: string;
  /** The call whose words are shown. */
  owner?: Waiter;
  /** Later calls of the same site. */
  sharers: Set<Waiter>;
  shown?: Shown;
  showing?: Promise<void>;
  timer?: ReturnType<typeof setTimeout>;
  /** An answer is being carried out. */
  isAnswered?: boolean;
  /** Everyone has been answered. */
  isOver?: boolean;
}

interface Shown {
  question: ConsentQuestion;
  revisions: Record<string, number>;
  digest: string;
}

async function grantsHeld(site: ConsentRequest): Promise<string> {
  return (await findGrants(site)).map(({ id }) => id).join(' ');
}

async function refuseIfDenied({ origin, tabId, isPrivate, asksAccessOnly }: ConsentRequest): Promise<void> {
  const coolDown = await coolDownOf(askersOf({ origin, tabId, isPrivate }));
  if (coolDown > 0) {
    const seconds = Math.ceil(coolDown / 1000);
    throw new SwitchboardError('denied', `The user said no several times. This site may ask again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  }
  if (!asksAccessOnly && (await isStillDenied(keyOf({ origin, isPrivate })))) throw refusal('denied');
}

function keyOf({ origin, isPrivate }: Pick<ConsentRequest, 'origin' | 'isPrivate'>): string {
  return isPrivate ? `private ${origin}` : origin;
}

/** Denials count against the site and against the tab: fifty subdomains in one tab are one asker. */
function askersOf(request: Pick<ConsentRequest, 'origin' | 'isPrivate' | 'tabId'>): string[] {
  return [keyOf(request), `tab ${request.tabId}`];
}

/** Only what the question offered can be chosen. */
function grantedModel({ question, revisions }: Shown, choice: Answer['choice']): GrantedModel {
  const offered = [question, ...question.choices];
  const picked = choice ? offered.find((each) => each.connectionId === choice.connectionId && each.model === choice.model) : question;
  if (!picked) throw new SwitchboardError('bad-request', 'That model was not offered. Choose one of the list.');
  const { connectionId, model } = picked;
  const revision = revisions[connectionId];
  return { connectionId, model, ...(revision !== undefined && { revision }) };
}
