import { type AskedOnce, askedOnce } from '../asked-once.ts';
import { factsOf, loadedContexts, type ModelFacts, wholeName } from './facts.ts';
import type { OllamaServer } from './server.ts';

/** What was asked about the models of one server, so that an answer costs one request and not three. */
export interface ModelMemory {
  /** Undefined where the server does not tell; whatever is asked next says why. */
  facts(model: string, signal: AbortSignal): Promise<ModelFacts | undefined>;
  /** The window the model is loaded with: as it was when it was first asked for, and then as we have it loaded. */
  loaded(model: string, signal: AbortSignal): Promise<number | undefined>;
  willLoad(model: string, numCtx: number | undefined): void;
  forget(model: string): void;
}

export function createModelMemory(server: OllamaServer): ModelMemory {
  const known = new Map<string, AskedOnce<ModelFacts>>();
  const windows = new Map<string, number | undefined>();

  return {
    async facts(model, signal) {
      const asked = known.get(model) ?? askedOnce(async (own) => factsOf(await server.show(model, own)));
      known.set(model, asked);
      return asked.get(signal).catch(() => undefined);
    },
    async loaded(model, signal) {
      if (!windows.has(model)) {
        const running = await server.get('/api/ps', signal).catch(() => ({}));
        windows.set(model, loadedContexts(running).get(wholeName(model)));
      }
      return windows.get(model);
    },
    willLoad(model, numCtx) {
      if (numCtx !== undefined) windows.set(model, numCtx);
    },
    forget(model) {
      known.delete(model);
      windows.delete(model);
    },
  };
}
