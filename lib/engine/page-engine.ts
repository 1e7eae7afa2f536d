import { browser } from 'wxt/browser';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
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

  async function* stream(open: (engine: LocalEngine) => AsyncIterable<Part[]>): AsyncGenerator<Part[]> {
    try {
      yield* open(await engine());
    } catch (error) {
      throw asOurs(error);
    }
  }

  async function value<Value>(ask: (engine: LocalEngine) => Promise<Value>): Promise<Value> {
    try {
      return await ask(await engine());
    } catch (error) {
      throw asOurs(error);
    }
  }

  return {
    chat: (request, signal) => stream((engine) => engine.chat(request, signal)),
    text: (request, signal) => stream((engine) => engine.text(request, signal)),
    load: (model, signal) => stream((engine) => engine.load(model, signal)),
    add: (address, signal) => stream((engine) => engine.add(address, signal)),
    embed: (request, signal) => value((engine) => engine.embed(request, signal)),
    countTokens: (request, signal) => value((engine) => engine.countTokens(request, signal)),
    unload: async (model, signal) => {
      // What was never started holds no model.
      if (loading) await value((engine) => engine.unload(model, signal));
    },
  };
}

/** The engine's script has its own copy of the error class, which `instanceof` here does not know. */
function asOurs(error: unknown): unknown {
  if (error instanceof SwitchboardError || !(error instanceof Error) || error.name !== 'SwitchboardError') return error;
  const { code, message } = error as SwitchboardError;
  return new SwitchboardError(code, message, error as SwitchboardError);
}

async function loadEngine(): Promise<LocalEngine> {
  await import(/* @vite-ignore */ browser.runtime.getURL(engineScript));
  const engine = (globalThis as { [engineKey]?: LocalEngine })[engineKey];
  if (!engine) throw new Error('engine.js left no engine');
  return engine;
}
