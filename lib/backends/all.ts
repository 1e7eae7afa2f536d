import type { Backend, BackendId, BaseConfig } from './backend.ts';
import { chrome } from './chrome/chrome.ts';
import { claude } from './claude/claude.ts';
import { cohere } from './cohere/cohere.ts';
import { converse } from './converse/converse.ts';
import { previewTemplate } from './converse/preview.ts';
import { custom } from './custom/custom.ts';
import { deepseek } from './deepseek/deepseek.ts';
import { detect, discover } from './detect.ts';
import { dreamgen } from './dreamgen/dreamgen.ts';
import { gemini } from './gemini/gemini.ts';
import { groq } from './groq/groq.ts';
import { horde } from './horde/horde.ts';
import { createHttp } from './http.ts';
import { koboldai } from './kobold/koboldai.ts';
import { koboldcpp } from './kobold/koboldcpp.ts';
import { llamacpp } from './llamacpp/llamacpp.ts';
import { lmstudio } from './lmstudio/lmstudio.ts';
import { mancer } from './mancer/mancer.ts';
import { mistral } from './mistral/mistral.ts';
import { novelai } from './novelai/novelai.ts';
import { ollama } from './ollama/ollama.ts';
import { ondevice } from './ondevice.ts';
import { oobabooga } from './oobabooga/oobabooga.ts';
import { openai } from './openai/openai.ts';
import { openrouter } from './openrouter/openrouter.ts';
import { pool } from './pool.ts';
import { provideKit } from './registry.ts';
import { samplerRows } from './sampler-rows.ts';
import { tabbyapi } from './tabbyapi/tabbyapi.ts';
import { together } from './together/together.ts';
import { vllm } from './vllm.ts';
import { xai } from './xai/xai.ts';

/** Every backend, in the order in which the settings offer them. */
export const backends = {
  ollama,
  koboldcpp,
  llamacpp,
  lmstudio,
  oobabooga,
  tabbyapi,
  koboldai,
  vllm,
  custom,
  claude,
  openai,
  openrouter,
  gemini,
  horde,
  novelai,
  mancer,
  dreamgen,
  mistral,
  groq,
  deepseek,
  xai,
  together,
  cohere,
  ondevice,
  chrome,
  pool,
} satisfies Partial<Record<BackendId, { id: BackendId }>>;

export const availableBackends: Backend[] = Object.values(backends).map(withAnyConfig);

/** What the background reads as one script (entrypoints/kit.ts). */
export const kit = { availableBackends, converse, createHttp, detect, discover, previewTemplate, samplerRows };
export type Kit = typeof kit;

provideKit(() => kit);

/** A backend takes what its own schema parsed; the registry knows it only as some configuration. */
function withAnyConfig<Config extends BaseConfig>(backend: Backend<Config>): Backend {
  return backend as unknown as Backend;
}
