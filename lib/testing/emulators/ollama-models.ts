import type { JsonObject } from '../../protocol/json.ts';

export interface OllamaModel {
  /** With its tag. */
  name: string;
  architecture: string;
  contextLength: number;
  capabilities: ('completion' | 'tools' | 'vision' | 'thinking' | 'embedding' | 'insert')[];
}

/** One for each ability. */
export const ollamaModels: OllamaModel[] = [
  { name: 'llama3.2:latest', architecture: 'llama', contextLength: 131_072, capabilities: ['completion', 'tools', 'insert'] },
  { name: 'qwen3:4b', architecture: 'qwen3', contextLength: 40_960, capabilities: ['completion', 'tools', 'thinking'] },
  { name: 'llava:7b', architecture: 'llama', contextLength: 32_768, capabilities: ['completion', 'vision'] },
  { name: 'nomic-embed-text:latest', architecture: 'nomic-bert', contextLength: 2048, capabilities: ['embedding'] },
];

/** A name without a tag means `:latest`. */
export function findModel(models: OllamaModel[], name: string): OllamaModel | undefined {
  const whole = name.includes(':') ? name : `${name}:latest`;
  return models.find((model) => model.name === whole);
}

export function tagCard(model: OllamaModel): JsonObject {
  return {
    name: model.name,
    model: model.name,
    modified_at: '2026-01-01T00:00:00Z',
    size: 2_019_393_189,
    digest: 'a80c4f17acd5',
    details: { ...details(model), context_length: model.contextLength, embedding_length: 3072 },
    capabilities: model.capabilities,
  };
}

export function showCard(model: OllamaModel): JsonObject {
  return {
    modelfile: `FROM ${model.name}`,
    parameters: 'stop                           "<|eot_id|>"',
    template: '{{ .System }}{{ .Prompt }}',
    details: details(model),
    model_info: { 'general.architecture': model.architecture, [`${model.architecture}.context_length`]: model.contextLength },
    capabilities: model.capabilities,
    modified_at: '2026-01-01T00:00:00Z',
  };
}

export function psCard(model: OllamaModel, contextWindow: number): JsonObject {
  const { name } = model;
  return {
    name,
    model: name,
    size: 3_000_000_000,
    digest: 'a80c4f17acd5',
    details: details(model),
    expires_at: '2030-01-01T00:05:00Z',
    size_vram: 3_000_000_000,
    context_length: Math.min(contextWindow, model.contextLength),
  };
}

function details(model: OllamaModel): JsonObject {
  return {
    parent_model: '',
    format: 'gguf',
    family: model.architecture,
    families: [model.architecture],
    parameter_size: '3.2B',
    quantization_level: 'Q4_K_M',
  };
}
