import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { EndPart, Part } from '../../protocol/part.ts';
import type { ResponseFormat, TextRequest } from '../../protocol/request.ts';
import { backendError, type ErrorContext } from '../backend-error.ts';
import { readNdjson } from '../ndjson.ts';
import { endReasonOf } from '../openai-shaped/finish-reason.ts';
import { type SamplerNames, samplerFields } from '../openai-shaped/samplers.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** The body of POST /api/generate for a prompt that no template is put around. */
export function generateBody(request: TextRequest): JsonObject {
  const { model, prompt, suffix, maxOutputTokens, seed, stop, sampling, responseFormat, logprobs, extra } = request;
  const options = {
    ...samplerFields(sampling, ollamaSamplers),
    ...(maxOutputTokens !== undefined && { num_predict: maxOutputTokens }),
    ...(seed !== undefined && { seed }),
    ...(stop?.length && { stop }),
  };
  return {
    model,
    prompt,
    stream: true,
    // With a suffix the model's template is needed, because it marks the gap.
    ...(suffix === undefined ? { raw: true } : { suffix }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(responseFormat && { format: formatOf(responseFormat) }),
    ...(logprobs && { logprobs: true, top_logprobs: logprobs.top }),
    ...extra,
  };
}

/** Ollama's names under `options`; it has only these. */
export const ollamaSamplers: SamplerNames = {
  temperature: 'temperature',
  topP: 'top_p',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  topK: 'top_k',
  minP: 'min_p',
  typicalP: 'typical_p',
  repetitionPenalty: 'repeat_penalty',
  repetitionRange: 'repeat_last_n',
};

/** The parts of its answer, one array for each network read. */
export async function* generateParts(
  response: Response,
  { echo, prompt }: TextRequest,
  context: ErrorContext,
): AsyncGenerator<Part[], void> {
  const reads = readNdjson(response, context.host);
  if (echo) yield [{ type: 'text', text: prompt }];
  for await (const lines of reads) {
    const parts: Part[] = [];
    for (const line of lines) {
      if (!isObject(line)) continue;
      if (line.error) {
        if (parts.length > 0) yield parts;
        throw backendError(line, context);
      }
      if (typeof line.thinking === 'string' && line.thinking !== '') parts.push({ type: 'thought', text: line.thinking });
      if (typeof line.response === 'string' && line.response !== '') parts.push({ type: 'text', text: line.response });
      if (line.done !== true) continue;
      parts.push(endOf(line));
      yield parts;
      reads.release();
      return;
    }
    if (parts.length > 0) yield parts;
  }
  throw new SwitchboardError('interrupted', `${context.host} ended the answer before it was complete. Try again.`);
}

function endOf({ done_reason: reason, model, prompt_eval_count: input, eval_count: output }: Record<string, unknown>): EndPart {
  return {
    type: 'end',
    reason: endReasonOf(typeof reason === 'string' ? reason : 'stop'),
    ...(typeof model === 'string' && { model }),
    // A prompt that was in the cache is not counted by old versions.
    ...(typeof output === 'number' && { usage: { inputTokens: typeof input === 'number' ? input : 0, outputTokens: output } }),
  };
}

function formatOf(format: ResponseFormat): JsonObject[string] {
  if (format.type === 'json') return 'json';
  if (format.type === 'json-schema') return format.schema;
  throw new SwitchboardError(
    'not-supported',
    "The user's model server can hold an answer to a JSON schema, not to a regular expression or a grammar.",
  );
}
