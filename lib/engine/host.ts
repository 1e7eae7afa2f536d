import type { OnDeviceHost } from '../backends/backend.ts';
import { listModels } from './model-store.ts';
import { createOffscreenEngine } from './offscreen-engine.ts';
import { createPageEngine } from './page-engine.ts';
import { modelInfo } from './stored-model.ts';

/**
 * The models inside this browser, for the background. What the store knows is answered from the store; only calls that
 * need a model in memory wake the engine.
 */
export function createOnDeviceHost(): Required<OnDeviceHost> {
  const engine = import.meta.env.FIREFOX ? createPageEngine() : createOffscreenEngine();
  return {
    ...engine,
    models: async () => (await listModels()).map(modelInfo),
    contextWindow: async (id) => (await listModels()).find((model) => model.id === id)?.contextWindow,
  };
}
