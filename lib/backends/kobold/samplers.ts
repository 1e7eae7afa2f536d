import type { SamplerNames } from '../openai-shaped/samplers.ts';
import { isAtLeast } from './version.ts';

/** What every Kobold API has had since 1.2.0. */
export const koboldSamplers: SamplerNames = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  topA: 'top_a',
  typicalP: 'typical',
  tailFree: 'tfs',
  repetitionPenalty: 'rep_pen',
  repetitionRange: 'rep_pen_range',
  repetitionSlope: 'rep_pen_slope',
  samplerOrder: 'sampler_order',
};

/** An API that takes back the ban of its end-of-text tokens has been there since 1.2.4. */
export function koboldSamplersOf(version: string): SamplerNames {
  return isAtLeast(version, '1.2.4') ? { ...koboldSamplers, banEos: 'use_default_badwordsids' } : koboldSamplers;
}

/** KoboldCpp takes the same names on its own routes and on its OpenAI-shaped ones; versions ignore what is too new for them. */
export const koboldCppSamplers: SamplerNames = {
  ...koboldSamplers,
  minP: 'min_p',
  topNSigma: 'nsigma',
  presencePenalty: 'presence_penalty',
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
  'smoothing.factor': 'smoothing_factor',
  'smoothing.curve': 'smoothing_curve',
  banEos: 'ban_eos_token',
  bannedStrings: 'banned_strings',
  logitBias: 'logit_bias',
};

/** On the OpenAI-shaped routes one name differs, and a frequency penalty stands in where no presence penalty is given. */
export const koboldCppChatSamplers: SamplerNames = {
  ...koboldCppSamplers,
  'mirostat.mode': 'mirostat_mode',
  frequencyPenalty: 'frequency_penalty',
};
