import type { Ability, ModelInfo } from '../../protocol/model.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** A model of llama-server's list. Its id is the path of the file unless the server was given an alias. */
export function llamaCppModel({ id, meta, status }: Record<string, unknown>): ModelInfo | undefined {
  if (typeof id !== 'string') return undefined;
  const about = isObject(meta) ? meta : {};
  const state = isObject(status) ? status.value : undefined;
  const name = id.replace(/^.*[\\/]/, '').replace(/\.gguf$/i, '');
  return {
    id,
    ...(name !== id && { name }),
    ...(typeof about.n_ctx === 'number' && { contextWindow: about.n_ctx }),
    ...(typeof about.size === 'number' && { sizeBytes: about.size }),
    ...(typeof state === 'string' && { loaded: state === 'loaded' || state === 'sleeping' }),
  };
}

/** A router's model whose process ended when it was to be loaded; the state says only that it is not loaded. */
export function hasFailed({ status }: Record<string, unknown>): boolean {
  return isObject(status) && status.failed === true;
}

/** The same with what `/props` tells of the model that is loaded: the window of one slot, and what it can take. */
export function withProps(model: ModelInfo, props: Record<string, unknown>): ModelInfo {
  const { default_generation_settings: settings, modalities, chat_template_caps: caps } = props;
  if (!isObject(settings)) return model;
  const abilities: Ability[] = ['chat', 'text', 'schema'];
  if (!isObject(caps) || caps.supports_tools !== false) abilities.push('tools');
  if (isObject(modalities) && modalities.vision === true) abilities.push('images');
  if (isObject(modalities) && modalities.audio === true) abilities.push('audio');
  return { ...model, abilities, ...(typeof settings.n_ctx === 'number' && { contextWindow: settings.n_ctx }) };
}
