import type { Ability, ModelInfo } from '../../protocol/model.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** The models of LM Studio's own lists, version 1 (`models`) or 0 (`data`); undefined where the answer is neither. */
export function lmStudioModels({ models, data }: Record<string, unknown>): ModelInfo[] | undefined {
  if (Array.isArray(models)) return models.filter(isObject).flatMap(newModel);
  if (Array.isArray(data)) return data.filter(isObject).flatMap(oldModel);
  return undefined;
}

/** A model in memory: one may be there several times, under names of their own. */
export interface Instance {
  id: string;
  contextWindow: number | undefined;
}

/** Where a model is loaded now, in version 1. */
export function instancesOf({ models }: Record<string, unknown>, model: string): Instance[] {
  const entries = Array.isArray(models) ? models.filter(isObject) : [];
  return entries.flatMap((entry) => {
    const instances = loadedInstances(entry).flatMap(instanceOf);
    return entry.key === model ? instances : instances.filter(({ id }) => id === model);
  });
}

function instanceOf({ id, config }: Record<string, unknown>): Instance[] {
  const window = isObject(config) ? config.context_length : undefined;
  return typeof id === 'string' ? [{ id, contextWindow: typeof window === 'number' ? window : undefined }] : [];
}

function newModel(entry: Record<string, unknown>): ModelInfo[] {
  const { key, display_name: name, type, size_bytes: size, max_context_length: longest, capabilities } = entry;
  if (typeof key !== 'string') return [];
  const [instance] = loadedInstances(entry);
  const config = isObject(instance?.config) ? instance.config : {};
  const can = isObject(capabilities) ? capabilities : {};
  const abilities = type === 'embedding' ? embeds : chats(can.vision === true, can.trained_for_tool_use === true, Boolean(can.reasoning));
  return [
    {
      id: key,
      ...(typeof name === 'string' && { name }),
      ...(typeof size === 'number' && { sizeBytes: size }),
      loaded: instance !== undefined,
      abilities,
      ...windowOf(config.context_length, longest),
    },
  ];
}

function oldModel({
  id,
  type,
  state,
  capabilities,
  loaded_context_length: loaded,
  max_context_length: longest,
}: Record<string, unknown>): ModelInfo[] {
  if (typeof id !== 'string') return [];
  const usesTools = Array.isArray(capabilities) && capabilities.includes('tool_use');
  return [
    {
      id,
      loaded: state === 'loaded',
      abilities: type === 'embeddings' ? embeds : chats(type === 'vlm', usesTools, false),
      ...windowOf(loaded, longest),
    },
  ];
}

const embeds: Ability[] = ['embed'];

function chats(sees: boolean, usesTools: boolean, thinks: boolean): Ability[] {
  return [
    'chat',
    'text',
    'schema',
    ...(sees ? (['images'] as const) : []),
    ...(usesTools ? (['tools'] as const) : []),
    ...(thinks ? (['thinking'] as const) : []),
  ];
}

/** What a model was loaded with is what counts; what it could have is the best guess before. */
function windowOf(loaded: unknown, longest: unknown): { contextWindow?: number } {
  const window = typeof loaded === 'number' ? loaded : longest;
  return typeof window === 'number' && window > 0 ? { contextWindow: window } : {};
}

function loadedInstances({ loaded_instances: instances }: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(instances) ? instances.filter(isObject) : [];
}
