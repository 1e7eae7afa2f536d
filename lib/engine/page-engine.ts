import { browser } from 'wxt/browser';
import { SwitchboardError } from '../protocol/errors.ts';
import type { LocalEngine } from './engine.ts';

/** Where the engine's script leaves the engine for the page that loaded it. */
export const engineKey = Symbol.for('switchboard.engine');

export const engineScript = '/engine.js';

/**
 * Firefox: the engine in the background's own page, which is a document that may start workers. Its script is loaded
 * with the first call, because most starts of the background need no model.
 */
export function createPageEngine(): LocalEngine {
  let loading: Promise<LocalEngine> | undefined;

  function engine(): Promise<LocalEngine> {
    loading ??= loadEngine().catch((error: unknown) => {
      loading = undefined;
      throw new SwitchboardError('internal', 'The part that runs models in the browser did not start. Reload Switchboard.', {
        cause: error,
      });
    });
    return loading;
  }

  return {
    async *chat(request, signal) {
      yield* (await engine()).chat(request, signal);
    },
    async *text(request, signal) {
      yield* (await engine()).text(request, signal);
    },
    async *load(model, signal) {
      yield* (await engine()).load(model, signal);
    },
    embed: async (request, signal) => (await engine()).embed(request, signal),
    countTokens: async (request, signal) => (await engine()).countTokens(request, signal),
    // What was never loaded needs no unloading.
    unload: async (model, signal) => (await loading)?.unload(model, signal),
  };
}

async function loadEngine(): Promise<LocalEngine> {
  await import(/* @vite-ignore */ browser.runtime.getURL(engineScript));
  const engine = (globalThis as { [engineKey]?: LocalEngine })[engineKey];
  if (!engine) throw new Error('engine.js left no engine');
  return engine;
}
