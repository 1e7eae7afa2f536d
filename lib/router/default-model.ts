import { isPool } from '../connections/pool.ts';
import { toSwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { Door } from './admission.ts';
import type { Caller } from './caller.ts';
import type { Engines } from './engines.ts';
import type { ModelLists } from './model-lists.ts';
import type { Resolved } from './resolve.ts';
import type { Router } from './router.ts';

interface Deps {
  door: Door;
  engines: Engines;
  lists: ModelLists;
  originRulesReady(): Promise<void>;
}

/** What can be asked about the model that answers a caller by default, without asking the user. */
export function createDefaultModel({ door, engines, lists, originRulesReady }: Deps): Pick<Router, 'contextWindow' | 'load'> {
  async function find(caller: Caller, signal: AbortSignal): Promise<Resolved | undefined> {
    const reach = await door.reach(caller);
    return reach.length === 0 ? undefined : await door.resolve(undefined, reach, signal);
  }

  async function infoOf({ connection, model }: Resolved, signal: AbortSignal) {
    return (await lists.recent(connection, signal)).find(({ id }) => id === model);
  }

  /** A pool has no engine of its own. */
  async function engineOf({ connection }: Resolved) {
    await originRulesReady();
    return isPool(connection) ? undefined : await engines.open(connection);
  }

  return {
    async contextWindow(caller, signal) {
      const found = await find(caller, signal);
      if (!found) return undefined;
      const known = found.connection.generation?.contextWindow ?? (await infoOf(found, signal))?.contextWindow;
      if (known !== undefined) return known;
      const engine = await engineOf(found);
      return await engine?.contextWindow?.(found.model, signal).catch(() => undefined);
    },

    async *load(caller, signal): AsyncGenerator<Part[]> {
      const found = await find(caller, signal);
      if (!found) return;
      const engine = await engineOf(found);
      if (!engine?.load) return;
      // Servers load when they are asked, unless they list the model as one to be loaded first.
      if (found.connection.backend !== 'ondevice' && (await infoOf(found, signal))?.loaded !== false) return;
      try {
        yield* engine.load(found.model, signal);
      } catch (thrown) {
        if (signal.aborted) throw toSwitchboardError(thrown);
      }
    },
  };
}
