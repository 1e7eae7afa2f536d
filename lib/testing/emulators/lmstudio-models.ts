import type { JsonObject } from '../../protocol/json.ts';

export interface LmStudioModel {
  id: string;
  name: string;
  kind: 'llm' | 'vlm' | 'embeddings';
  contextWindow: number;
  /** Absent: not loaded. */
  loadedWindow?: number;
  hasTools?: boolean;
}

/** One loaded with a smaller window than it could have, one that sees, one that embeds. */
export const lmStudioModels: LmStudioModel[] = [
  { id: 'qwen2.5-7b-instruct', name: 'Qwen2.5 7B Instruct', kind: 'llm', contextWindow: 32_768, loadedWindow: 4096, hasTools: true },
  { id: 'llava-v1.6-mistral-7b', name: 'Llava v1.6', kind: 'vlm', contextWindow: 32_768 },
  { id: 'text-embedding-nomic-embed-text-v1.5', name: 'Nomic Embed', kind: 'embeddings', contextWindow: 2048 },
];

export function isLoaded(model: LmStudioModel): boolean {
  return model.loadedWindow !== undefined;
}

/** The card of `/api/v0/models`. */
export function nativeV0Card(model: LmStudioModel): JsonObject {
  return {
    id: model.id,
    object: 'model',
    type: model.kind,
    publisher: 'lmstudio-community',
    arch: 'qwen2',
    compatibility_type: 'gguf',
    quantization: 'Q4_K_M',
    state: isLoaded(model) ? 'loaded' : 'not-loaded',
    max_context_length: model.contextWindow,
    ...(model.loadedWindow !== undefined && { loaded_context_length: model.loadedWindow }),
    ...(model.hasTools && { capabilities: ['tool_use'] }),
  };
}

/** The card of `/api/v1/models`. */
export function nativeV1Card(model: LmStudioModel): JsonObject {
  return {
    type: model.kind === 'embeddings' ? 'embedding' : 'llm',
    publisher: 'lmstudio-community',
    key: model.id,
    display_name: model.name,
    architecture: 'qwen2',
    quantization: { name: 'Q4_K_M', bits_per_weight: 4 },
    size_bytes: 4_683_073_536,
    params_string: '7B',
    loaded_instances: model.loadedWindow === undefined ? [] : [{ id: model.id, config: { context_length: model.loadedWindow } }],
    max_context_length: model.contextWindow,
    format: 'gguf',
    ...(model.kind !== 'embeddings' && { capabilities: { vision: model.kind === 'vlm', trained_for_tool_use: model.hasTools === true } }),
  };
}
