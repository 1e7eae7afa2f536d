import { SwitchboardError } from '../protocol/errors.ts';
import type { HistoryLevel } from '../protocol/history.ts';
import type { Item } from '../storage/item.ts';
import {
  type Grant,
  type GrantAbility,
  type GrantedModel,
  type GrantLimits,
  type GrantRules,
  type GrantSource,
  grantAbilities,
  isSameSubject,
  type Subject,
} from './grant.ts';
import {
  homeOf,
  homesOf,
  idleLifeMs,
  isInForce,
  isSpent,
  kept,
  lasting,
  none,
  ofPrivate,
  ofSession,
  stamped,
  timeOf,
} from './grant-items.ts';
import { openRules, type StoredGrants } from './grant-schema.ts';
import { getSwitches, watchSwitches } from './switches.ts';

/** What a grant needs to be told; without `models` and `abilities` any, without `decision` always, without `limits` none. */
export interface GrantWish extends Subject {
  models?: GrantedModel[];
  decision?: Grant['decision'];
  abilities?: GrantAbility[];
  limits?: GrantLimits;
  rules?: Partial<GrantRules>;
  history?: HistoryLevel;
  source?: GrantSource;
}

/** Every grant in force, those of private windows apart. */
export async function listGrants({ isPrivate = false } = {}): Promise<Grant[]> {
  const [stays, passing] = await read({ isPrivate }, false);
  const now = timeOf(stays);
  return [...stays.grants, ...passing.grants].filter((grant) => isInForce(grant, now));
}

/** The strongest grant of the site: a block, then 'always', 'session', 'once'. */
export async function findGrant(origin: string): Promise<Grant | undefined> {
  return (await findGrants({ origin }))[0];
}

/** All grants of the subject that can be used now, strongest first. It may hold one of each kind. */
export async function findGrants(subject: Subject, isFresh = false): Promise<Grant[]> {
  const found = await held(subject, isFresh);
  if (!subject.isPrivate || !(await getSwitches(isFresh)).privateInherits) return found;
  // As a private one: nobody writes when it was used.
  const inherited = await held({ ...subject, isPrivate: false }, isFresh);
  return [...found, ...inherited.filter(({ decision }) => decision !== 'once').map((grant) => ({ ...grant, isPrivate: true }))].sort(
    byStrength,
  );
}

/** What the subject may do from now on; whatever it held before is replaced. */
export async function setGrant(wish: GrantWish): Promise<Grant> {
  const grant = await makeGrant(wish);
  const home = homeOf(grant);
  // The new one first: a running answer that it allows too must not see a moment without any.
  for (const item of new Set([home, ...homesOf(grant)])) {
    await item.update((stored) => {
      const others = kept(stored, (each) => !isSameSubject(each, grant));
      return item === home ? stamped(stored, [...others.grants, grant]) : others;
    });
  }
  return grant;
}

/** What the user agreed to on top of what the subject holds: models and abilities add up, the new limits hold. */
export async function addGrant(wish: GrantWish): Promise<Grant> {
  const made = await makeGrant(wish);
  if (made.decision === 'block') return await setGrant(wish);
  let added = made;
  await homeOf(made).update((stored) => {
    const before = stored.grants.find((grant) => isSameSubject(grant, made) && grant.decision === made.decision && !isSpent(grant));
    added = before && made.decision !== 'once' ? joined(before, made, wish) : made;
    return stamped(stored, [...stored.grants.filter((grant) => grant !== before), added]);
  });
  return added;
}

/** Changes one grant in place. Throws `bad-request` where it is not there any more. */
export async function changeGrant(
  { id, decision, isPrivate = false }: Pick<Grant, 'id' | 'decision' | 'isPrivate'>,
  change: Partial<Pick<Grant, 'models' | 'abilities' | 'limits' | 'rules' | 'history'>> & { expiresAt?: number | undefined },
): Promise<void> {
  await homeOf({ decision, isPrivate }).update((stored) => {
    if (!stored.grants.some((grant) => grant.id === id))
      throw new SwitchboardError('bad-request', 'This site is not allowed any more, so there is nothing to change.');
    return stamped(
      stored,
      stored.grants.map((grant) => (grant.id === id ? changed(grant, change) : grant)),
    );
  });
}

/** Takes everything from the site, also where it is a frame or has frames; its running answers stop. A subject: only that. */
export async function revokeGrant(site: string | Subject): Promise<void> {
  const isMeant = (grant: Grant) =>
    typeof site === 'string' ? grant.origin === site || grant.topOrigin === site : isSameSubject(grant, site);
  for (const item of [lasting, ofSession, ofPrivate]) await item.update((stored) => kept(stored, (grant) => !isMeant(grant)));
}

/** Calls back after every change of what sites may do, private windows and the switches too; returns its undo. */
export function watchGrants(listener: () => void): () => void {
  const undo = [...[lasting, ofSession, ofPrivate].map((item) => item.watch(listener)), watchSwitches(listener)];
  return () => {
    for (const each of undo) each();
  };
}

/** Whether the subject still holds this grant, spent or not: asked for each running answer when grants change. */
export async function isHeld(subject: Subject, grantId: string): Promise<boolean> {
  const { privateInherits } = await getSwitches();
  const items = subject.isPrivate && privateInherits ? [ofPrivate, lasting, ofSession] : homesOf(subject);
  const stored = (await Promise.all(items.map((item) => item.get()))).flatMap(({ grants }) => grants);
  const own = stored.filter((grant) => isSameSubject({ ...grant, isPrivate: subject.isPrivate ?? false }, subject));
  return own.some(({ id }) => id === grantId) && !own.some(({ decision }) => decision === 'block');
}

/** How strongly each decision holds, the strongest first. */
const strength: Grant['decision'][] = ['block', 'always', 'session', 'once'];

export function byStrength(one: Grant, other: Grant): number {
  return strength.indexOf(one.decision) - strength.indexOf(other.decision);
}

async function read(subject: Pick<Subject, 'isPrivate'>, isFresh: boolean): Promise<[StoredGrants, StoredGrants]> {
  const get = (item: Item<StoredGrants>) => (isFresh ? item.fresh() : item.get());
  return subject.isPrivate ? [none, await get(ofPrivate)] : await Promise.all([get(lasting), get(ofSession)]);
}

async function held(subject: Subject, isFresh: boolean): Promise<Grant[]> {
  const [stays, passing] = await read(subject, isFresh);
  const now = timeOf(stays);
  return [...stays.grants, ...passing.grants]
    .filter((grant) => isSameSubject(grant, subject) && isInForce(grant, now) && !isSpent(grant))
    .sort(byStrength);
}

async function makeGrant(wish: GrantWish): Promise<Grant> {
  const { origin, topOrigin, isPrivate = false, decision = 'always' } = wish;
  const now = Date.now();
  const isBlock = decision === 'block';
  return {
    v: 2,
    id: crypto.randomUUID(),
    origin: siteOrigin(origin),
    ...(topOrigin !== undefined && { topOrigin: siteOrigin(topOrigin) }),
    ...(isPrivate && { isPrivate }),
    decision,
    models: isBlock ? [] : (wish.models ?? [{ connectionId: '*', model: '*' }]),
    abilities: isBlock ? [] : (wish.abilities ?? [...grantAbilities]),
    limits: wish.limits ?? {},
    rules: { ...openRules, ...wish.rules },
    history: wish.history ?? (await getSwitches()).history,
    source: wish.source ?? 'settings',
    createdAt: now,
    ...(decision === 'always' && { expiresAt: now + idleLifeMs }),
  };
}

/** Origins only, because that is what the browser vouches for; an address is taken for its origin. */
function siteOrigin(text: string): string {
  const url = URL.parse(text);
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin;
  throw new SwitchboardError('bad-request', `"${text.slice(0, 80)}" is not a site. Give its origin, such as https://example.com.`);
}

/** An end that is named and undefined is taken away. */
function changed(grant: Grant, change: Omit<Partial<Grant>, 'expiresAt'> & { expiresAt?: number | undefined }): Grant {
  const { expiresAt = 'expiresAt' in change ? undefined : grant.expiresAt, ...others } = change;
  const { expiresAt: _, ...before } = grant;
  return { ...before, ...others, ...(expiresAt !== undefined && { expiresAt }) };
}

/** What was said of the grant before stays, unless it is said anew. */
function joined(before: Grant, made: Grant, wish: GrantWish): Grant {
  const isSame = (one: GrantedModel, other: GrantedModel) => one.connectionId === other.connectionId && one.model === other.model;
  const models = [...before.models.filter((one) => !made.models.some((other) => isSame(one, other))), ...made.models];
  return {
    ...made,
    id: before.id,
    createdAt: before.createdAt,
    models,
    abilities: [...new Set([...before.abilities, ...made.abilities])],
    rules: { ...before.rules, ...wish.rules },
    history: wish.history ?? before.history,
  };
}
