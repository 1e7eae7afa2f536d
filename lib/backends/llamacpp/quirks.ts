import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';

/** How llama-server differs, and wllama, which is its core without HTTP. Field names: tools/server/server-schema.cpp. */
export const llamaCppQuirks: Quirks = {
  service: { label: 'llama.cpp', startHint: 'Start it with `llama-server -m model.gguf`.' },
  samplers: {
    ...commonSamplers,
    topK: 'top_k',
    minP: 'min_p',
    typicalP: 'typical_p',
    topNSigma: 'top_n_sigma',
    repetitionPenalty: 'repeat_penalty',
    repetitionRange: 'repeat_last_n',
    'mirostat.mode': 'mirostat',
    'mirostat.tau': 'mirostat_tau',
    'mirostat.eta': 'mirostat_eta',
    'dry.multiplier': 'dry_multiplier',
    'dry.base': 'dry_base',
    'dry.allowedLength': 'dry_allowed_length',
    'dry.range': 'dry_penalty_last_n',
    'dry.breakers': 'dry_sequence_breakers',
    'xtc.threshold': 'xtc_threshold',
    'xtc.probability': 'xtc_probability',
    'dynamicTemperature.range': 'dynatemp_range',
    'dynamicTemperature.exponent': 'dynatemp_exponent',
    samplerOrder: 'samplers',
    banEos: 'ignore_eos',
  },
  grammar: 'grammar',
  // It refuses to continue an answer while the template would make the model think first.
  prefill: { continue_final_message: true, add_generation_prompt: false, chat_template_kwargs: { enable_thinking: false } },
  audioFormats: ['wav', 'mp3'],
  wholeTools: 'parameters',
  textSchema: 'json_schema',
  noNamedTool: true,
  toolResultName: true,
  thoughtField: 'reasoning_content',
  thinking: 'chat_template_kwargs',
  thinkingBudget: 'thinking_budget_tokens',
  thinkTags: true,
  minTopLogprobs: 1,
};
