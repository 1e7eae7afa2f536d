import { SwitchboardError } from '../protocol/errors.ts';
import type { ConsentRequest } from './consent.ts';
import type { Grant, GrantedModel } from './grant.ts';
import type { ConsentQuestion } from './question.ts';

/** A question on its way to the user, and everyone who waits for its answer. */
export interface Pending {
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
  /** That it was asked in vain is being written down, which the next question waits for. */
  noted?: Promise<void>;
  /** An answer is being carried out. */
  isAnswered?: boolean;
  /** Everyone has been answered. */
  isOver?: boolean;
}

/** A grant for the owner; an error for all; nothing for whoever has to look at the grants again. */
export type Outcome = Grant | SwitchboardError | undefined;

interface Waiter {
  settle(outcome: Outcome): void;
}

export interface Shown {
  question: ConsentQuestion;
  revisions: Record<string, number>;
  digest: string;
}

/** Waits as the owner of the question or with the others. An owner that leaves early withdraws the question. */
export function waitFor(pending: Pending, signal: AbortSignal, withdraw: () => void): Promise<Grant | undefined> {
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
      if (pending.owner === waiter) withdraw();
      else pending.sharers.delete(waiter);
    }
    if (pending.owner) pending.sharers.add(waiter);
    else pending.owner = waiter;
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
  });
}

/** Answers everyone who waits, once. */
export function settle(pending: Pending, outcome: Outcome): void {
  pending.owner?.settle(outcome);
  for (const sharer of pending.sharers) sharer.settle(outcome instanceof SwitchboardError ? outcome : undefined);
}

/** Only what the question offered can be chosen. */
export function grantedModel({ question, revisions }: Shown, choice?: { connectionId: string; model: string }): GrantedModel {
  const offered = [question, ...question.choices];
  const picked = choice ? offered.find((each) => each.connectionId === choice.connectionId && each.model === choice.model) : question;
  if (!picked) throw new SwitchboardError('bad-request', 'That model was not offered. Choose one of the list.');
  const { connectionId, model } = picked;
  const revision = revisions[connectionId];
  return { connectionId, model, ...(revision !== undefined && { revision }) };
}
