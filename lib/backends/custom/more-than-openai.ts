import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { CountRequest } from '../../protocol/request.ts';
import { errorDetail } from '../backend-error.ts';
import { wireMessages } from '../openai-shaped/messages.ts';
import { plainModel } from '../openai-shaped/models.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { toolList } from '../openai-shaped/tools.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** Where servers tell how much fits: vLLM and SGLang, OpenRouter and Together, Groq, LM Studio and Mistral. */
const windowFields = ['max_model_len', 'context_length', 'context_window', 'max_context_length'];

/** A model of a list, with its context window where the list has it under any of the names in use. */
export function modelOfAnyServer(entry: Record<string, unknown>): ModelInfo | undefined {
  const model = plainModel(entry);
  if (!model) return undefined;
  const { meta } = entry;
  const told = [...windowFields.map((name) => entry[name]), ...(isObject(meta) ? [meta.n_ctx] : [])];
  const contextWindow = told.find((size): size is number => typeof size === 'number' && size > 0);
  return { ...model, ...(contextWindow !== undefined && { contextWindow }) };
}

type AskJson = (address: string, signal: AbortSignal, init: { json: JsonObject }) => Promise<Record<string, unknown>>;

/**
 * Counts as vLLM and its relatives do, beside OpenAI's routes. A server without such a route is asked once; then, and
 * each time after, `not-supported` is thrown.
 */
export function countAsVllm(askJson: AskJson, root: string, quirks: Quirks) {
  const address = `${root.replace(/\/v1$/, '')}/tokenize`;
  let isKnownMissing = false;

  return async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
    if (isKnownMissing) throw cannotCount();
    const { model } = request;
    const json =
      'text' in request
        ? { model, prompt: request.text, add_special_tokens: false }
        : { model, messages: wireMessages(request.messages, quirks), ...(request.tools?.length && { tools: toolList(request.tools) }) };
    try {
      const { count } = await askJson(address, signal, { json });
      if (typeof count === 'number') return count;
    } catch (thrown) {
      if (!(thrown instanceof SwitchboardError) || !(errorDetail(thrown)?.wrongPath || saysNo.has(thrown.code))) throw thrown;
    }
    isKnownMissing = true;
    throw cannotCount();
  };
}

const saysNo = new Set(['bad-request', 'bad-response', 'model-not-found', 'not-supported']);

function cannotCount(): SwitchboardError {
  return new SwitchboardError('not-supported', "The user's model server does not count tokens.");
}
