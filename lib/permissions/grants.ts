import { SwitchboardError } from '../protocol/errors.ts';
import type { Item } from '../storage/item.ts';
import type { Grant, GrantedModel, GrantLimits } from './grant.ts';
import { homeOf, idleLifeMs, isInForce, isSpent, lasting, none, ofPrivate, ofSession, stamped, timeOf } from './grant-items.ts';
import type { StoredGrants } from './grant-schema.ts';

/** Whose permission: private windows are a space of their own, in memory only. */
export interface Site {
  origin: string;
  isPrivate?: boolean;
}

/** What a grant needs to be told; without `models` any model, without `decision` always, without `limits` none. */
export interface GrantWish {
  origin: string;
  models?: GrantedModel[];
  decision?: Grant['decision'];
  limits?: GrantLimits;
}

/** Every grant in force, private windows aside. */
export async function listGrants(): Promise<Grant[]> {
  const [kept, passing] = await Promise.all([lasting.get(), ofSession.get()]);
  const now = timeOf(kept);
  return [...kept.grants, ...passing.grants].filter((grant) => isInForce(grant, now));
}

/** The strongest grant of the site: a block, then 'always', 'session', 'once'. */
export async function findGrant(origin: string): Promise<Grant | undefined> {
  return (await findGrants({ origin }))[0];
}

/** All grants of the site that can be used now, strongest first. A site may hold one of each kind. */
export async function findGrants(site: Site, isFresh = false): Promise<Grant[]> {
  const read = (item: Item<StoredGrants>) => (isFresh ? item.fresh() : item.get());
  const [kept, passing] = site.isPrivate ? [none, await read(ofPrivate)] : await Promise.all([read(lasting), read(ofSession)]);
  const now = timeOf(kept);
  return [...kept.grants, ...passing.grants]
    .filter((grant) => grant.origin === site.origin && isInForce(grant, now) && !isSpent(grant))
    .sort((one, other) => strength.indexOf(one.decision) - strength.indexOf(other.decision));
}

/** What the site may do from now on; whatever it held before is replaced. */
export async function setGrant(wish: GrantWish, isPrivate = false): Promise<Grant> {
  const grant = makeGrant(wish);
  const home = homeOf(grant, isPrivate);
  // The new one first: a running answer that it allows too must not see a moment without any.
  for (const item of new Set(isPrivate ? [ofPrivate] : [home, lasting, ofSession])) {
    await item.update((stored) => {
      const others = stored.grants.filter(({ origin }) => origin !== grant.origin);
      if (item === home) return stamped(stored, [...others, grant]);
      return others.length === stored.grants.length ? stored : stamped(stored, others);
    });
  }
  return grant;
}

/** What the user agreed to on top of what the site holds: models add up, the new limits hold. */
export async function addGrant(wish: GrantWish, isPrivate = false): Promise<Grant> {
  const made = makeGrant(wish);
  if (made.decision === 'block') return await setGrant(wish, isPrivate);
  let added = made;
  await homeOf(made, isPrivate).update((stored) => {
    const before = stored.grants.find((grant) => grant.origin === made.origin && grant.decision === made.decision && !isSpent(grant));
    added =
      before && made.decision !== 'once'
        ? { ...made, id: before.id, createdAt: before.createdAt, models: union(before.models, made.models) }
        : made;
    return stamped(stored, [...stored.grants.filter((grant) => grant !== before), added]);
  });
  return added;
}

/** Takes everything from the site; its running answers stop. */
export async function revokeGrant(origin: string): Promise<void> {
  for (const item of [lasting, ofSession, ofPrivate]) {
    await item.update((stored) => {
      const others = stored.grants.filter((grant) => grant.origin !== origin);
      return others.length === stored.grants.length ? stored : stamped(stored, others);
    });
  }
}

/** Calls back after every change of any grant, private ones too; returns its undo. */
export function watchGrants(listener: () => void): () => void {
  const undo = [lasting, ofSession, ofPrivate].map((item) => item.watch(listener));
  return () => {
    for (const each of undo) each();
  };
}

/** Whether the site still holds this grant, spent or not: asked for each running answer when grants change. */
export async function isHeld({ origin, isPrivate = false }: Site, grantId: string): Promise<boolean> {
  const items = isPrivate ? [ofPrivate] : [lasting, ofSession];
  const stored = (await Promise.all(items.map((item) => item.get()))).flatMap(({ grants }) => grants);
  const ofSite = stored.filter((grant) => grant.origin === origin);
  return ofSite.some(({ id }) => id === grantId) && !ofSite.some(({ decision }) => decision === 'block');
}

const strength: Grant['decision'][] = ['block', 'always', 'session', 'once'];

function makeGrant({ origin, models = [{ connectionId: '*', model: '*' }], decision = 'always', limits = {} }: GrantWish): Grant {
  const now = Date.now();
  return {
    v: 1,
    id: crypto.randomUUID(),
    origin: siteOrigin(origin),
    decision,
    models: decision === 'block' ? [] : models,
    limits,
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

function union(before: GrantedModel[], added: GrantedModel[]): GrantedModel[] {
  const isSame = (one: GrantedModel, other: GrantedModel) => one.connectionId === other.connectionId && one.model === other.model;
  return [...before.filter((one) => !added.some((other) => isSame(one, other))), ...added];
}
