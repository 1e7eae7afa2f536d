import type { JsonObject } from '../../protocol/json.ts';
import type { LlamaCppOptions } from './llamacpp.ts';

/** GET /props */
export function props(model: string, contextWindow: number, options: LlamaCppOptions): JsonObject {
  const settings = { id: 0, id_task: -1, n_ctx: contextWindow, params: { n_predict: -1, temperature: 0.8, top_k: 40, top_p: 0.95 } };
  if (options.old)
    return {
      default_generation_settings: settings,
      total_slots: options.slots ?? 1,
      model_path: model,
      chat_template: chatTemplate,
      build_info: 'b4753-0b3863ff',
    };
  return {
    default_generation_settings: settings,
    total_slots: options.slots ?? 1,
    model_path: model,
    chat_template: chatTemplate,
    chat_template_caps: {},
    modalities: { vision: options.vision === true, audio: false },
    build_info: 'b6500-1a2b3c4d',
    is_sleeping: false,
  };
}

/** GET /v1/models of a server with one model. */
export function modelList(model: string, contextWindow: number, isOld: boolean): JsonObject {
  const meta = { vocab_type: 2, n_vocab: 128_256, n_ctx_train: 131_072, n_embd: 2048, n_params: 1_235_814_400, size: 799_862_912 };
  const card = { id: model, object: 'model', created: 1_767_225_600, owned_by: 'llamacpp' };
  if (isOld) return { object: 'list', data: [{ ...card, meta }] };
  const likeOllama = {
    name: model,
    model,
    modified_at: '',
    size: '',
    digest: '',
    type: 'model',
    capabilities: ['completion'],
    details: { format: 'gguf' },
  };
  return {
    models: [likeOllama],
    object: 'list',
    data: [{ ...card, aliases: [], tags: [], meta: { ...meta, n_ctx: contextWindow, ftype: 'Q4_K - Medium' } }],
  };
}

/** GET /v1/models of a router. */
export function routerModels(loaded: Map<string, boolean>, failed: Set<string>): JsonObject {
  const data = [...loaded].map(([id, isLoaded]) => ({
    id,
    object: 'model',
    created: 1_767_225_600,
    owned_by: 'llamacpp',
    status: { value: isLoaded ? 'loaded' : 'unloaded', ...(failed.has(id) && { failed: true, exit_code: 1 }) },
  }));
  return { object: 'list', data };
}

/** ChatML as llama.cpp's own files spell it. */
const chatTemplate =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
