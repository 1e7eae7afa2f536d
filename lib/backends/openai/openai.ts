import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import type { Backend } from '../backend.ts';
import { errorDetail } from '../backend-error.ts';
import { closing } from '../closing.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers, samplerFields } from '../openai-shaped/samplers.ts';
import { effortsOf, samplesUnthinking } from './efforts.ts';
import { isReasoningModel, openAiModel } from './models.ts';
import { countBody } from './responses/body.ts';
import { responsesParts } from './responses/responses.ts';
import { either, mayBeElsewhere, wantsResponses } from './route.ts';

const preset = { baseUrl: 'https://api.openai.com' };

const schema = z.object({
  baseUrl: z._default(addressSchema, preset.baseUrl),
  organisation: z.optional(z.string()),
  project: z.optional(z.string()),
});

/** OpenAI, by Chat Completions, and by Responses where a model or a wish needs it. */
export const openai: Backend<z.infer<typeof schema>> = {
  id: 'openai',
  label: 'OpenAI',
  group: 'cloud',
  schema,
  fields: [
    { ...keyField, placeholder: 'sk-…' },
    otherAddressField,
    { name: 'organisation', kind: 'text', label: 'field_organisation', placeholder: 'org-…', advanced: true },
    { name: 'project', kind: 'text', label: 'field_project', placeholder: 'proj_…', advanced: true },
  ],
  preset,
  keyUrl: 'https://platform.openai.com/api-keys',
  limitUrl: 'https://platform.openai.com/settings/organization/limits',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl, organisation, project }, resources) {
    const root = `${baseUrl}/v1`;
    const {
      chat: completions,
      text,
      embed,
      models,
      samplers,
      ask,
      askJson,
      errorContext,
    } = openShape(resources, {
      root,
      quirks: (model) => (isReasoningModel(model) ? { ...reasoning, efforts: effortsOf(model, 'chat') } : plain),
      headers: { ...(organisation && { 'openai-organization': organisation }), ...(project && { 'openai-project': project }) },
      toModel: openAiModel,
    });
    const chat = (request: ChatRequest, signal: AbortSignal) => completions(withSamplers(request), signal);
    const responses = (request: ChatRequest, signal: AbortSignal) => responsesParts({ root, ask, errorContext }, request, signal);

    return {
      chat(request, signal) {
        if (!mayBeElsewhere(request))
          return wantsResponses(request) ? closing(signal, (own) => responses(request, own)) : chat(request, signal);
        const [first, second] = wantsResponses(request) ? [responses, chat] : [chat, responses];
        return closing(signal, (own) => either(first(request, own), () => second(request, own)));
      },
      text,
      embed,
      models,
      samplers,
      /** Not every gateway of this shape counts; its answer then is `not-supported`, and the count is estimated. */
      async countTokens(request, signal) {
        const answer = await askJson(`${root}/responses/input_tokens`, signal, { json: countBody(request) }).catch(cannotCount);
        if (typeof answer.input_tokens === 'number') return answer.input_tokens;
        throw new SwitchboardError('bad-response', `${new URL(baseUrl).host} did not count the tokens.`);
      },
      contextWindow: async (model) => openAiModel({ id: model })?.contextWindow,
    };
  },
};

/** Models that reason refuse samplers, but some take them while they do not. */
function withSamplers(request: ChatRequest): ChatRequest {
  if (request.thinking?.effort !== 'none' || !samplesUnthinking(request.model)) return request;
  return { ...request, extra: { ...samplerFields(request.sampling, { temperature: 'temperature', topP: 'top_p' }), ...request.extra } };
}

function cannotCount(error: unknown): never {
  if (!errorDetail(error)?.wrongPath) throw error;
  throw new SwitchboardError('not-supported', "The user's model server does not count tokens.");
}

const plain: Quirks = {
  service: { label: 'OpenAI' },
  samplers: commonSamplers,
  maxTokens: 'max_completion_tokens',
  maxStops: 4,
  textSchema: 'none',
  jsonMention: true,
  audioFormats: ['wav', 'mp3'],
  files: true,
  echo: true,
  suffix: true,
};

/** Models that reason refuse samplers and stop texts, and call instructions `developer`. */
const reasoning: Quirks = {
  ...plain,
  samplers: {},
  stopsHere: true,
  systemRole: 'developer',
  thinking: 'reasoning_effort',
  noLogprobs: true,
};
