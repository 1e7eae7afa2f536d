import { toSwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { Door } from './admission.ts';
import type { Caller } from './caller.ts';
import type { PerformDeps } from './perform.ts';
import type { Router } from './router.ts';

type Deps = Pick<PerformDeps, 'engines' | 'lists' | 'originRulesReady'> & { door: Door };

/** What can be asked about the model that answers a caller by default, without asking the user. */
export function createDefaultModel({ door, engines, lists, originRulesReady }: Deps): Pick<Router, 'contextWindow' | 'load'> {
  async function find(caller: Caller, signal: AbortSignal) {
    const reach = await door.reach(caller);
    if (reach.length === 0) return undefined;
    const { connection, model } = await door.resolve(undefined, reach, signal);
    const [engine, info] = await Promise.all([engines.open(connection), lists.info(connection, model), originRulesReady()]);
    return { connection, model, engine, info };
  }

  return {
    async contextWindow(caller, signal) {
      const found = await find(caller, signal);
      if (!found) return undefined;
      const { connection, model, engine, info } = found;
      const known = connection.generation?.contextWindow ?? info?.contextWindow;
      return known ?? (await engine.contextWindow?.(model, signal).catch(() => undefined));
    },

    async *load(caller, signal): AsyncGenerator<Part[]> {
      const found = await find(caller, signal);
      if (!found?.engine.load) return;
      const { connection, model, engine, info } = found;
      // Servers load when they are asked, unless they list the model as one to be loaded first.
      if (connection.backend !== 'ondevice' && info?.loaded !== false) return;
      try {
        yield* engine.load?.(model, signal) ?? [];
      } catch (thrown) {
        if (signal.aborted) throw toSwitchboardError(thrown);
      }
    },
  };
}
