import { chatBody, textBody } from '../backends/openai-shaped/body.ts';
import type { Quirks } from '../backends/openai-shaped/quirks.ts';
import { commonSamplers } from '../backends/openai-shaped/samplers.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Message } from '../protocol/message.ts';
import type { ChatRequest, TextRequest } from '../protocol/request.ts';
import type { StoredModel } from './stored-model.ts';

/**
 * wllama is the core of llama-server without its HTTP, so the engine speaks the same protocol as the `llamacpp` backend.
 * Field names: llama.cpp tools/server/server-schema.cpp.
 */
export const llamaQuirks: Quirks = {
  service: { label: 'llama.cpp' },
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
  // Where the template makes the model think first, llama.cpp refuses to continue an answer.
  prefill: { continue_final_message: true, add_generation_prompt: false, chat_template_kwargs: { enable_thinking: false } },
  noNamedTool: true,
  toolResultName: true,
  thoughtField: 'reasoning_content',
  thinking: 'chat_template_kwargs',
  thinkingBudget: 'thinking_budget_tokens',
  thinkTags: true,
  minTopLogprobs: 1,
};

/** The chat request as llama.cpp reads it; throws `not-supported` for what this model cannot do. */
export function llamaChatBody(request: ChatRequest, model: StoredModel): JsonObject {
  refuseMedia(request.messages);
  const wantsTools = Boolean(request.tools?.length) && request.toolChoice !== 'none';
  if (wantsTools && !model.abilities?.includes('tools')) {
    throw new SwitchboardError('not-supported', `${model.name} was not made to call tools. Ask without them, or choose a model that was.`);
  }
  return chatBody(request, llamaQuirks);
}

export function llamaTextBody(request: TextRequest): JsonObject {
  return textBody(request, llamaQuirks);
}

/** A model file has no eyes or ears: those come as a second file (mmproj), which this engine does not load. */
function refuseMedia(messages: Message[]): void {
  for (const message of messages) {
    for (const item of message.content) {
      const contents = item.type === 'tool-result' ? item.content : [item];
      if (contents.some(({ type }) => type === 'image' || type === 'audio' || type === 'file')) {
        throw new SwitchboardError(
          'not-supported',
          'Models inside the browser read text alone. Send no images, sound or files, or choose another model.',
        );
      }
    }
  }
}
