import { commonSamplers, type SamplerNames } from '../openai-shaped/samplers.ts';

/** TabbyAPI's names. Versions on exllamav3 accept the lower half and ignore it. */
export const tabbySamplers: SamplerNames = {
  ...commonSamplers,
  topK: 'top_k',
  minP: 'min_p',
  repetitionPenalty: 'repetition_penalty',
  repetitionRange: 'penalty_range',
  'xtc.threshold': 'xtc_threshold',
  'xtc.probability': 'xtc_probability',
  bannedStrings: 'banned_strings',
  typicalP: 'typical',
  tailFree: 'tfs',
  topA: 'top_a',
  banEos: 'ban_eos_token',
  'mirostat.mode': 'mirostat_mode',
  'mirostat.tau': 'mirostat_tau',
  'mirostat.eta': 'mirostat_eta',
  'dry.multiplier': 'dry_multiplier',
  'dry.base': 'dry_base',
  'dry.allowedLength': 'dry_allowed_length',
  'dry.range': 'dry_range',
  'dry.breakers': 'dry_sequence_breakers',
  'smoothing.factor': 'smoothing_factor',
};
