import type { OnDeviceHost } from '../backends/backend.ts';
import type { LocalEngine } from './engine.ts';
import { listModels } from './model-store.ts';
import { createOffscreenEngine } from './offscreen-engine.ts';
import { createPageEngine } from './page-engine.ts';
import { modelInfo } from './stored-model.ts';

/** What the backend `ondevice` needs, and adding a model from an address: a download outlives the page that asked for it. */
export type DeviceHost = Required<OnDeviceHost> & Pick<LocalEngine, 'add'>;

/**
 * The models inside this browser, for the background. What the store knows is answered from the store; only calls that
 * need a model in memory, and downloads, wake the engine.
 */
export function createOnDeviceHost(): DeviceHost {
  const engine = import.meta.env.FIREFOX ? createPageEngine() : createOffscreenEngine();
  return {
    ...engine,
    models: async () => (await listModels()).map(modelInfo),
    contextWindow: async (id) => (await listModels()).find((model) => model.id === id)?.contextWindow,
  };
}
