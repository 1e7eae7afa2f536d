import { SwitchboardError } from '../protocol/errors.ts';
import type { Backend, BackendId, BaseConfig } from './backend.ts';
import { custom } from './custom/custom.ts';
import { llamacpp } from './llamacpp/llamacpp.ts';
import { lmstudio } from './lmstudio/lmstudio.ts';
import { ollama } from './ollama/ollama.ts';
import { ondevice } from './ondevice.ts';
import { openai } from './openai/openai.ts';
import { openrouter } from './openrouter/openrouter.ts';
import { vllm } from './vllm.ts';

/** Every backend, in the order in which the settings offer them. */
export const backends = { ollama, llamacpp, lmstudio, vllm, custom, openai, openrouter, ondevice } satisfies Partial<
  Record<BackendId, { id: BackendId }>
>;

export const availableBackends: Backend[] = Object.values(backends).map(withAnyConfig);

/** The backend of that id; throws `not-supported` for one that this version does not have. */
export function getBackend(id: BackendId): Backend {
  const backend = availableBackends.find((each) => each.id === id);
  if (!backend)
    throw new SwitchboardError('not-supported', `This version of Switchboard has no backend "${id}". Update it, or choose another.`);
  return backend;
}

export function isAvailable(id: BackendId): boolean {
  return Object.hasOwn(backends, id);
}

/** A backend takes what its own schema parsed; the registry knows it only as some configuration. */
function withAnyConfig<Config extends BaseConfig>(backend: Backend<Config>): Backend {
  return backend as unknown as Backend;
}
