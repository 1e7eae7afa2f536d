import * as z from 'zod/mini';
import type { JsonObject } from '../../protocol/json.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { ChatRequest, GenerationOptions } from '../../protocol/request.ts';
import { createAsk, type Meaning } from '../ask.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { defined } from '../body.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { isObject } from '../openai-shaped/wire.ts';

const preset = { baseUrl: 'https://neuro.mancer.tech' };

const schema = z.object({
  baseUrl: z._default(addressSchema, preset.baseUrl),
  /** Lets Mancer keep prompts without a name, for a lower price with some models. */
  allowLogging: z.optional(z.boolean()),
});
type MancerConfig = z.infer<typeof schema>;

/** Mancer AI: large open models without filters, paid in credits. */
export const mancer: Backend<MancerConfig> = {
  id: 'mancer',
  label: 'Mancer AI',
  group: 'cloud',
  schema,
  fields: [
    { ...keyField, placeholder: 'mcr-…' },
    { name: 'allowLogging', kind: 'switch', label: 'field_allowLogging', hint: 'field_allowLogging_hint', advanced: true },
    otherAddressField,
  ],
  preset,
  keyUrl: 'https://mancer.tech/dashboard.html',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: openMancer,
};

function openMancer(config: MancerConfig, resources: Resources): Engine {
  const key = resources.secret() ?? '';
  const service = { label: 'Mancer' };
  const ask = createAsk({ http: resources.http, service, key, explain, explained: [402] });
  const shape = openShape(
    { ...resources, http: ask },
    { root: `${config.baseUrl.replace(/\/oai$/, '')}/oai/v1`, quirks: { ...quirks, service }, headers: { 'x-api-key': key }, toModel },
  );
  const own: JsonObject = config.allowLogging === undefined ? {} : { allow_logging: config.allowLogging };

  return {
    chat: (request, signal) => shape.chat(adapted(offered(request), own), signal),
    text: (request, signal) => shape.text(adapted(request, own), signal),
    models: shape.models,
    samplers: () => ({ ...quirks.samplers, 'dynamicTemperature.range': 'dynatemp_min, dynatemp_max' }),
  };
}

const quirks: Omit<Quirks, 'service'> = {
  samplers: {
    ...commonSamplers,
    topK: 'top_k',
    topA: 'top_a',
    minP: 'min_p',
    typicalP: 'typical_p',
    tailFree: 'tfs',
    repetitionPenalty: 'repetition_penalty',
    'mirostat.mode': 'mirostat_mode',
    'mirostat.tau': 'mirostat_tau',
    'mirostat.eta': 'mirostat_eta',
    'dynamicTemperature.exponent': 'dynatemp_exponent',
    'smoothing.factor': 'smoothing_factor',
    'smoothing.curve': 'smoothing_curve',
    'xtc.threshold': 'xtc_threshold',
    'xtc.probability': 'xtc_probability',
    'dry.multiplier': 'dry_multiplier',
    'dry.base': 'dry_base',
    'dry.allowedLength': 'dry_allowed_length',
    'dry.range': 'dry_range',
    'dry.breakers': 'dry_sequence_breakers',
    banEos: 'ignore_eos',
  },
  noUsageOption: true,
  usageFields: { input: 'x-input-tokens', output: 'x-output-tokens' },
  prefill: { respond_as: { role: 'continue' } },
};

/** What no name can express: a penalty from 1 up, and a dynamic temperature as two ends of a range. */
function adapted<Request extends GenerationOptions>(request: Request, own: JsonObject): Request {
  const { sampling } = request;
  const { repetitionPenalty, dynamicTemperature, temperature = 1 } = sampling ?? {};
  const range = dynamicTemperature?.range;
  const dynamic = range ? { dynatemp_mode: 1, dynatemp_min: Math.max(0, temperature - range), dynatemp_max: temperature + range } : {};
  const penalty = defined({ repetitionPenalty: repetitionPenalty === undefined ? undefined : Math.max(1, repetitionPenalty) });
  return { ...request, ...(sampling && { sampling: { ...sampling, ...penalty } }), extra: { ...own, ...dynamic, ...request.extra } };
}

/** The only choice among tools is the model's own: fewer are offered where the caller wants one, or none. */
function offered(request: ChatRequest): ChatRequest {
  const { tools, toolChoice, ...rest } = request;
  if (!tools || toolChoice === 'none') return rest;
  return { ...rest, tools: typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.name) : tools };
}

/** Prices are in Mancer's credits, whose worth in money it does not tell here. */
function toModel({ id, name, limits, pricing }: Record<string, unknown>): ModelInfo | undefined {
  if (typeof id !== 'string') return undefined;
  const { context, completion } = isObject(limits) ? limits : {};
  const price = isObject(pricing) ? pricing : {};
  return {
    id,
    ...(typeof name === 'string' && { name }),
    ...(typeof context === 'number' && { contextWindow: context }),
    ...(typeof completion === 'number' && { maxOutputTokens: completion }),
    ...(typeof price.prompt === 'number' &&
      typeof price.completion === 'number' && { description: `Credits a token: ${price.prompt} in, ${price.completion} out` }),
  };
}

function explain({ status }: { status: number | undefined }): Meaning | undefined {
  return status === 402
    ? { code: 'payment-required', message: 'Your Mancer credits are used up. Add some at mancer.tech, or choose a cheaper model.' }
    : undefined;
}
