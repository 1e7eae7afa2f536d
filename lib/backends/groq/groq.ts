import * as z from 'zod/mini';
import { createAsk, type Explain } from '../ask.ts';
import type { Backend, Engine } from '../backend.ts';
import { byName } from '../by-name.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { toldInstead } from '../openai-shaped/told-format.ts';
import { isObject } from '../openai-shaped/wire.ts';
import { familyOf, groqModel, hasSchema } from './models.ts';

const preset = { baseUrl: 'https://api.groq.com' };

const schema = z.object({ baseUrl: z._default(addressSchema, preset.baseUrl) });

/** Groq: open models on its own fast chips. */
export const groq: Backend<z.infer<typeof schema>> = {
  id: 'groq',
  label: 'Groq',
  group: 'cloud',
  schema,
  fields: [{ ...keyField, placeholder: 'gsk_…' }, otherAddressField],
  preset,
  keyUrl: 'https://console.groq.com/keys',
  limitUrl: 'https://console.groq.com/settings/billing',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl }, resources): Engine {
    const { http } = resources;
    const ask = createAsk({ http, service: plain.service, key: resources.secret() ?? '', explain, explained: [400, 413, 498] });
    const { chat, models, samplers } = openShape(
      { ...resources, http: ask },
      { root: `${baseUrl.replace(/\/openai$/, '')}/openai/v1`, quirks: quirksOf, toModel: groqModel },
    );
    return {
      // Beside tools it refuses every format.
      chat: (request, signal) => chat(request.tools?.length ? toldInstead(request) : request, signal),
      models,
      samplers,
    };
  },
};

/** Penalties are taken and do nothing; log probabilities, biases and names are refused. Usage comes unasked, in `x_groq`. */
const plain: Quirks = {
  service: { label: 'Groq' },
  samplers: { temperature: 'temperature', topP: 'top_p' },
  maxTokens: 'max_completion_tokens',
  maxStops: 4,
  noUsageOption: true,
  noLogprobs: true,
  noNames: true,
  audioFormats: [],
  prefill: {},
  thinkTags: true,
};

/** Each family of models that think has its own names for how much. */
function quirksOf(model: string): Quirks {
  switch (familyOf(model)) {
    case 'gpt-oss':
      return { ...plain, ...thinks, efforts: { none: 'low', minimal: 'low', max: 'high' } };
    case 'qwen':
      return { ...plain, ...thinks, efforts: { minimal: 'default', low: 'default', medium: 'default', high: 'default', max: 'default' } };
    default:
      return hasSchema(model) ? plain : { ...plain, jsonOnly: true };
  }
}

const thinks: Partial<Quirks> = { thinking: 'reasoning_effort', thoughtField: 'reasoning' };

/** What it means by its own codes. A request larger than a minute's tokens never gets through, however long one waits. */
const explain: Explain = ({ status, body }) => {
  const error = isObject(body) && isObject(body.error) ? body.error : {};
  if (status === 498) return { code: 'overloaded', message: 'Groq has no room for this at the moment. Try again in a minute.' };
  if (status === 413 && error.code === 'rate_limit_exceeded')
    return {
      code: 'too-large',
      message: 'The request holds more tokens than the account may send in a minute. Send less text, or choose another model.',
    };
  if (error.code === 'blocked_api_access')
    return {
      code: 'payment-required',
      message: 'The spending limit of the Groq account is reached. Raise it, or wait for the next month.',
    };
  const wrong = typeof error.code === 'string' ? wrongAnswers[error.code] : undefined;
  if (!wrong) return undefined;
  return { code: 'bad-response', message: `The model at Groq ${wrong}. Try again, or choose another model.`, isQuiet: true };
};

const wrongAnswers = byName<string>({
  tool_use_failed: 'wrote a call of a tool that is not valid',
  json_validate_failed: 'wrote an answer that does not fit the format',
});
