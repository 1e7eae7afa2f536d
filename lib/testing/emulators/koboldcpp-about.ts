import type { JsonObject } from '../../protocol/json.ts';
import type { KoboldCppOptions } from './koboldcpp.ts';

/** Versions are numbers between dots; `1.9` comes before `1.76`. */
export function since(version: string, least: string): boolean {
  const [have, want] = [version, least].map((each) => each.split('.').map(Number));
  const at = (want ?? []).findIndex((part, index) => part !== (have?.[index] ?? 0));
  return at < 0 || (have?.[at] ?? 0) > (want?.[at] ?? 0);
}

/** GET /api/extra/version: newer versions tell of more. */
export function versionCard(version: string, { apiKey, adminPassword, files, vision, router }: KoboldCppOptions): JsonObject {
  const old = { result: 'KoboldCpp', version, protected: apiKey !== undefined, txt2img: false, vision: vision === true, transcribe: false };
  if (!since(version, '1.77')) return old;
  const admin = files ? (adminPassword === undefined ? 1 : 2) : 0;
  const more = { llm: true, audio: false, multiplayer: false, websearch: false, tts: false, embeddings: false, music: false };
  return { ...old, ...more, savedata: false, admin, router: router === true, guidance: false, jinja: false, mcp: false };
}

/** GET /props, as llama.cpp has it; since 1.79. */
export function propsCard(model: string, contextWindow: number): JsonObject {
  return {
    chat_template: "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}",
    id: 0,
    id_task: -1,
    total_slots: 1,
    model_path: model,
    n_ctx: contextWindow,
    default_generation_settings: { n_ctx: contextWindow },
  };
}

/** GET /.well-known/serviceinfo; since 1.78. */
export function serviceCard(version: string): JsonObject {
  return {
    version: '0.2',
    software: { name: 'KoboldCpp', version, repository: 'https://github.com/LostRuins/koboldcpp', homepage: '', logo: '' },
    api: { koboldai: { name: 'KoboldAI API', rel_url: '/api', documentation: '', version: '1.2.5' } },
  };
}

/** It plays Ollama too, for programs that look for one. */
export function ollamaTags(model: string): JsonObject {
  const details = {
    parent_model: '',
    format: 'gguf',
    family: 'koboldcpp',
    families: ['koboldcpp'],
    parameter_size: '',
    quantization_level: '',
  };
  return { models: [{ name: model, model: `${model}:latest`, size: 394_998_579, digest: 'b5dc5e784f2a', details }] };
}
