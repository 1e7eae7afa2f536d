import type { BackendId } from '../backends/backend.ts';
import type { Place } from '../protocol/model.ts';
import { createItem } from '../storage/item.ts';
import type { GrantAbility, GrantLimits, Subject } from './grant.ts';

/** What the consent window shows. Nothing in it comes from the page but `reason` and `promptPreview`. */
export interface ConsentQuestion extends QuestionContent, Subject {
  id: string;
  /** Proves that an answer comes from the window that showed this question. */
  nonce: string;
  createdAt: number;
}

export interface QuestionContent extends Choice {
  backend: BackendId;
  modelName: string;
  /** The site's own words, at most 300 characters. */
  reason?: string;
  /** At most 300 characters. */
  promptPreview?: string;
  /** What the grant will let the site do, and what it will be held to. */
  abilities: GrantAbility[];
  limits: GrantLimits;
  /** What the site may do already: it asks for more, and the difference is what the user decides about. */
  held?: Held;
  /** There is no model to ask about: the user can connect one, or not. */
  isUnconnected?: boolean;
  /** The site asked for access, not for an answer. */
  asksAccessOnly: boolean;
  /** Other models the user may pick instead. */
  choices: Choice[];
}

export interface Held {
  /** Whether the model is among those it may use. */
  hasModel: boolean;
  abilities: GrantAbility[];
  limits: GrantLimits;
}

export interface Choice {
  connectionId: string;
  connectionName: string;
  model: string;
  /** Where it has one that is not its id. */
  modelName?: string;
  /** Where the data goes. */
  place: Place;
  host?: string;
  /** What the call that asks will take of this model. */
  estimate?: Estimate;
  /** Its price is not nothing, or nobody knows it. */
  mayCost?: true;
}

export interface Estimate {
  inputTokens: number;
  /** Absent where the site names no length. */
  outputTokens?: number;
  /** Of the call at its longest; absent where nobody knows the price. */
  microUsd?: number;
}

/** The one question before the user, if there is one; with an id, only that one. */
export async function getQuestion(id?: string): Promise<ConsentQuestion | undefined> {
  const question = (await current.fresh()) ?? undefined;
  return id === undefined || question?.id === id ? question : undefined;
}

/** Calls back with each new question, and with nothing when it is answered or withdrawn; returns its undo. */
export function watchQuestion(listener: (question: ConsentQuestion | undefined) => void): () => void {
  return current.watch((question) => listener(question ?? undefined));
}

/** For the consent queue alone. */
export async function putQuestion(question: ConsentQuestion | undefined): Promise<void> {
  await current.update(() => question ?? null);
}

/** Binds an answer to every word that was shown. */
export async function digestOf(question: ConsentQuestion): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(question, sortedKeys));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Session storage, so that the window's address holds nothing and no restart shows an old question. */
const current = createItem<ConsentQuestion | null>({
  area: 'session',
  key: 'question',
  fallback: null,
  parse: (stored) => stored as ConsentQuestion,
});

/** Storage gives keys back in an order of its own. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
