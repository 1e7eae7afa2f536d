import { commonSamplers, type SamplerNames } from '../openai-shaped/samplers.ts';

/** text-generation-webui's names on its OpenAI-shaped routes. */
export const oobaboogaSamplers: SamplerNames = {
  ...commonSamplers,
  topK: 'top_k',
  minP: 'min_p',
  typicalP: 'typical_p',
  topA: 'top_a',
  tailFree: 'tfs',
  topNSigma: 'top_n_sigma',
  repetitionPenalty: 'repetition_penalty',
  repetitionRange: 'repetition_penalty_range',
  'mirostat.mode': 'mirostat_mode',
  'mirostat.tau': 'mirostat_tau',
  'mirostat.eta': 'mirostat_eta',
  'dry.multiplier': 'dry_multiplier',
  'dry.base': 'dry_base',
  'dry.allowedLength': 'dry_allowed_length',
  'xtc.threshold': 'xtc_threshold',
  'xtc.probability': 'xtc_probability',
  'smoothing.factor': 'smoothing_factor',
  'smoothing.curve': 'smoothing_curve',
  samplerOrder: 'sampler_priority',
  banEos: 'ban_eos_token',
};

/** The legacy API's names, of before November 2023. */
export const legacySamplers: SamplerNames = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  typicalP: 'typical_p',
  topA: 'top_a',
  tailFree: 'tfs',
  repetitionPenalty: 'repetition_penalty',
  repetitionRange: 'repetition_penalty_range',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  'mirostat.mode': 'mirostat_mode',
  'mirostat.tau': 'mirostat_tau',
  'mirostat.eta': 'mirostat_eta',
  banEos: 'ban_eos_token',
};
