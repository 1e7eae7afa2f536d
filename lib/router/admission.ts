import type { Connection } from '../connections/connection.ts';
import { getDefaults, listConnections } from '../connections/store.ts';
import { findGrantsOfBoth } from '../permissions/both-sites.ts';
import type { Consent } from '../permissions/consent.ts';
import { isDelegated } from '../permissions/delegation.ts';
import type { Grant, GrantLimits } from '../permissions/grant.ts';
import { endOnce, takeOnce, touchGrant } from '../permissions/grant-use.ts';
import { isHeld } from '../permissions/grants.ts';
import { getSwitches } from '../permissions/switches.ts';
import { getPolicy } from '../policy/managed.ts';
import { SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import { refusal } from '../protocol/page-errors.ts';
import type { Caller, SiteCaller } from './caller.ts';
import { lacks, limitsNow, refuseByRules } from './lacks.ts';
import type { ModelLists } from './model-lists.ts';
import { isAllowedByPolicy, policyGrantId, withPolicy } from './policy-grants.ts';
import type { Describe, Wanted } from './question-content.ts';
import { covers, fullReach, type Reach, type Resolved, reachOf, resolveModel } from './resolve.ts';
import type { Target } from './router.ts';
import { untilConnected } from './until-connected.ts';

/** A call that may run. */
export interface Admission extends Resolved {
  /** What it is held to, as the page stands now. */
  limits: GrantLimits;
  /** The call has ended: a 'once' is gone now. */
  end(): void;
}

export interface Door {
  /** What the caller may use now, without asking anyone. Throws `denied` for a blocked site, and while all are paused. */
  reach(caller: Caller): Promise<Reach[]>;
  /** The model of that name within a reach. Throws `model-not-found`. */
  resolve(name: string | undefined, within: Reach[], signal: AbortSignal): Promise<Resolved>;
  /** Connection and model for a call, asking the user where nothing is granted yet. */
  admit(caller: Caller, wanted: Wanted, signal: AbortSignal, onAsking: () => void, target?: Target): Promise<Admission>;
  /** Asks for access where the site has none, or none to the models it names; what it may use after that. */
  ask(caller: SiteCaller, wanted: Wanted, signal: AbortSignal): Promise<Reach[]>;
  /** Whether a running call may go on after grants or connections changed; `at` is the member of a pool that it is at. */
  isStillAllowed(caller: Caller, admission: Resolved, at?: Connection): Promise<boolean>;
}

/** Each is a question that the user answered for another call of the same site. */
const maxQuestions = 8;

export function createDoor(consent: Consent, lists: ModelLists, describe: Describe, isHandedOn = isDelegated): Door {
  async function reach(caller: Caller, isFresh = false): Promise<Reach[]> {
    const connections = await listConnections();
    if (caller.role === 'extension') return fullReach(connections);
    if (caller.topOrigin !== undefined && !(await isHandedOn(caller))) throw notHandedOn;
    const policy = await getPolicy();
    if ((await isPaused()) || !isAllowedByPolicy(policy, caller)) throw refusal('denied');
    const grants = withPolicy(policy, await findGrantsOfBoth(caller, isFresh), caller, connections);
    if (grants.some(({ decision }) => decision === 'block')) throw refusal('denied');
    const found = reachOf(grants, connections);
    // What another page of ours has just granted may not have come round yet, so nobody is refused from memory.
    return found.length === 0 && !isFresh ? await reach(caller, true) : found;
  }

  async function find(name: string | undefined, within: Reach[], signal: AbortSignal): Promise<Resolved | undefined> {
    const defaults = await getDefaults();
    const known = await resolveModel(name, within, defaults, (connection) => lists.known(connection, signal));
    return known ?? (await resolveModel(name, within, defaults, (connection) => lists.recent(connection, signal, 5_000)));
  }

  async function resolve(name: string | undefined, within: Reach[], signal: AbortSignal): Promise<Resolved> {
    const found = await find(name, within, signal);
    if (!found) throw unknownModel(name);
    return found;
  }

  /** The user's answer; no grant when it was for another call of the site. */
  async function question(caller: SiteCaller, wanted: Wanted, signal: AbortSignal): Promise<{ grant?: Grant; isAsNamed: boolean }> {
    if (!(await getPolicy()).features.sitesByConsent) throw refusal('denied');
    let isAsNamed = false;
    const { origin, topOrigin, tabId, isPrivate } = caller;
    const grant = await consent.ask(
      {
        origin,
        ...(topOrigin !== undefined && { topOrigin }),
        tabId,
        isPrivate,
        abilities: wanted.abilities,
        isActive: () => caller.isActive(),
        asksAccessOnly: wanted.asksAccessOnly,
        async describe() {
          const connections = await listConnections();
          const revisions = Object.fromEntries(connections.map(({ id, revision }) => [id, revision]));
          const held = await findGrantsOfBoth(caller, true);
          const described = await describe(wanted, connections, held, await getDefaults(), lists, signal);
          isAsNamed = described.isAsNamed;
          return { content: described.content, revisions };
        },
        untilConnected,
      },
      signal,
    );
    return { isAsNamed, ...(grant && { grant }) };
  }

  /** What the user picked; the call that asked runs with it, once or for good. */
  async function admitAsked(caller: SiteCaller, wanted: Wanted, signal: AbortSignal): Promise<Admission | undefined> {
    const { grant, isAsNamed } = await question(caller, wanted, signal);
    if (!grant) return undefined;
    // The last model of a grant is the one that was added to it.
    const picked = reachOf([{ ...grant, models: grant.models.slice(-1) }], await listConnections());
    const admission = picked.length > 0 ? admitted(await resolve(undefined, picked, signal), caller) : undefined;
    // The user may have left out what this very call needs.
    if (lacks(grant, wanted)) {
      admission?.end();
      throw refusal('denied');
    }
    if (isAsNamed || wanted.names.length === 0) return admission;
    admission?.end();
    throw unknownModel(wanted.names[0]);
  }

  /**
   * A site that has something wants more: another model, pictures, tools, a longer request. Whether the user has a model of
   * that name is not told by how the site is refused.
   */
  async function admitMore(caller: SiteCaller, wanted: Wanted, within: Reach[], signal: AbortSignal): Promise<Admission | undefined> {
    const [name] = wanted.names;
    const granted = await find(name, within, signal);
    if (granted) return await admitAsked(caller, wanted, signal);
    const isKnown = caller.isActive() && (await find(name, fullReach(await listConnections()), signal)) !== undefined;
    if (!isKnown) throw unknownModel(name);
    try {
      return await admitAsked(caller, wanted, signal);
    } catch (thrown) {
      const { code } = toSwitchboardError(thrown);
      throw code === 'denied' || code === 'needs-user' ? unknownModel(name) : thrown;
    }
  }

  function admitted(found: Resolved, caller: Caller): Admission {
    const { grant } = found;
    if (grant && grant.id !== policyGrantId) void touchGrant(grant).catch(() => {});
    return {
      ...found,
      limits: caller.role === 'site' ? limitsNow(grant, caller) : {},
      end() {
        if (grant?.decision === 'once' && caller.role === 'site') void endOnce(grant.id, caller.isPrivate).catch(() => {});
      },
    };
  }

  async function isTaken(caller: Caller, { grant }: Resolved): Promise<boolean> {
    if (caller.role !== 'site' || grant?.decision !== 'once') return true;
    return await takeOnce(grant.id, caller.isPrivate);
  }

  return {
    reach,
    resolve,
    async admit(caller, wanted, signal, onAsking, target) {
      if (target) return admitted(await resolve(target.model, await reachOfTarget(target), signal), caller);
      for (let asked = 0; asked < maxQuestions; asked++) {
        const within = await reach(caller, asked > 0);
        const able = within.filter(({ grant }) => !lacks(grant, wanted));
        const found = able.length > 0 ? await find(wanted.names[0], able, signal) : undefined;
        if (found) {
          if (caller.role === 'site') refuseByRules(found, caller);
          if (await isTaken(caller, found)) return admitted(found, caller);
          continue;
        }
        if (caller.role === 'extension') throw within.length === 0 ? refusal('not-configured') : unknownModel(wanted.names[0]);
        if (within.length > 0 && asked === 0) continue;
        onAsking();
        const admission = within.length === 0 ? await admitAsked(caller, wanted, signal) : await admitMore(caller, wanted, within, signal);
        if (admission) return admission;
      }
      throw refusal('denied');
    },
    async ask(caller, wanted, signal) {
      for (let asked = 0; asked < maxQuestions; asked++) {
        const within = await reach(caller, asked > 0);
        const able = within.filter(({ grant }) => !lacks(grant, wanted));
        if (able.length > 0) {
          if (wanted.names.length === 0 || (await someFound(wanted.names, able))) return within;
          // What the user does not have cannot be granted, however often a site names it.
          if (!(await someFound(wanted.names, fullReach(await listConnections())))) return within;
        }
        if (within.length > 0 && asked === 0) continue;
        try {
          const { grant } = await question(caller, wanted, signal);
          if (grant) return await reach(caller, true);
        } catch (thrown) {
          const { code } = toSwitchboardError(thrown);
          // A no to more leaves what there was; and that nobody was asked must not tell which models the user has.
          const isKept = within.length > 0 && (code === 'denied' || (code === 'needs-user' && able.length > 0));
          if (!isKept) throw thrown;
          return await reach(caller, true);
        }
      }
      throw refusal('denied');

      async function someFound(names: string[], within: Reach[]): Promise<boolean> {
        for (const name of names) if (await find(name, within, signal)) return true;
        return false;
      }
    },
    async isStillAllowed(caller, { connection, model, grant }, at = connection) {
      const connections = await listConnections();
      const now = ({ id, revision }: Connection) => connections.find((each) => each.id === id && each.revision === revision);
      const current = now(connection);
      if (!current || !now(at)) return false;
      if (caller.role === 'extension' || !grant) return true;
      const policy = await getPolicy();
      if ((await isPaused()) || !isAllowedByPolicy(policy, caller)) return false;
      if (await isHeld(caller, grant.id)) return true;
      const grants = withPolicy(policy, await findGrantsOfBoth(caller), caller, connections);
      return grants.every(({ decision }) => decision !== 'block') && covers(reachOf(grants, [current]), current, model);
    },
  };
}

/** Nobody is refused from memory: the popup may have taken the pause back just now. */
async function isPaused(): Promise<boolean> {
  return (await getSwitches()).isPaused && (await getSwitches(true)).isPaused;
}

const notHandedOn = new SwitchboardError(
  'unsupported-context',
  'This frame is inside a page of another origin, which has not handed the user’s model on to it. The page does that with <iframe allow="language-model">.',
);

/** Our own pages name what they want, listed or not. */
async function reachOfTarget({ connectionId, model }: Target): Promise<Reach[]> {
  const connection = (await listConnections()).find(({ id }) => id === connectionId);
  if (!connection) throw new SwitchboardError('not-configured', 'This connection is not there any more. Choose another one.');
  return [{ connection, ...(model && { model }) }];
}

function unknownModel(name = 'default'): SwitchboardError {
  return new SwitchboardError(
    'model-not-found',
    `This site has no model "${name.slice(0, 100)}". Use "default", or one that models.list() names.`,
  );
}
