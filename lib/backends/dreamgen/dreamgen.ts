import * as z from 'zod/mini';
import type { JsonObject } from '../../protocol/json.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, TextRequest } from '../../protocol/request.ts';
import { createAsk, type Meaning } from '../ask.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { defined } from '../body.ts';
import { closing } from '../closing.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import type { SamplerNames } from '../openai-shaped/samplers.ts';
import { refuseIgnored } from '../refuse-ignored.ts';
import { stoppedParts } from '../stopped-parts.ts';
import { nativeBody, nativeParts, nativeSamplers } from './native.ts';
import { answeringRole, type DreamRole, dreamPrompt } from './prompt.ts';

const preset = { baseUrl: 'https://dreamgen.com', route: 'openai', role: 'assistant' } as const;

const schema = z.object({
  baseUrl: z._default(addressSchema, preset.baseUrl),
  /** By which of its two protocols it is asked. */
  route: z.optional(z.enum(['openai', 'native'])),
  /** Who answers where neither the model's name nor the messages say. */
  role: z.optional(z.enum(['assistant', 'text'])),
});
type DreamConfig = z.infer<typeof schema>;

/** DreamGen's models for stories and role-play. */
export const dreamgen: Backend<DreamConfig> = {
  id: 'dreamgen',
  label: 'DreamGen',
  group: 'cloud',
  schema,
  fields: [
    keyField,
    {
      name: 'role',
      kind: 'choice',
      label: 'field_dreamRole',
      hint: 'field_dreamRole_hint',
      choices: [
        { value: 'assistant', label: 'field_dreamRole_assistant' },
        { value: 'text', label: 'field_dreamRole_text' },
      ],
    },
    {
      name: 'route',
      kind: 'choice',
      label: 'field_dreamRoute',
      hint: 'field_dreamRoute_hint',
      choices: [
        { value: 'openai', label: 'field_dreamRoute_openai' },
        { value: 'native', label: 'field_dreamRoute_native' },
      ],
      advanced: true,
    },
    otherAddressField,
  ],
  preset,
  keyUrl: 'https://dreamgen.com/account/api-keys',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: openDreamGen,
};

function openDreamGen(config: DreamConfig, resources: Resources): Engine {
  const key = resources.secret() ?? '';
  const service = { label: 'DreamGen' };
  const ask = createAsk({ http: resources.http, service, key, explain, explained: [402, 403] });
  const root = config.baseUrl.replace(/\/api\/openai$/, '');
  const shape = openShape({ ...resources, http: ask }, { root: `${root}/api/openai/v1`, quirks: { ...quirks, service }, toModel });

  return {
    chat(request, signal) {
      refuseIgnored(request, 'DreamGen');
      const role = answeringRole(request.model, request.messages, config.role);
      if (config.route !== 'native') {
        const extra = { ...roleField(request, role), ...dryField(request), ...request.extra };
        return closing(signal, (own) => stoppedParts(shape.chat({ ...request, extra }, own), request.stop ?? [], true));
      }
      const { messages, ...options } = request;
      const { prompt, stop, role: asked } = dreamPrompt(messages, request.model, role);
      return native({ ...options, prompt, stop: [...(request.stop ?? []), ...stop] }, signal, asked);
    },

    text(request, signal) {
      if (config.route === 'native') return native(request, signal);
      return closing(signal, (own) =>
        stoppedParts(shape.text({ ...request, extra: { ...dryField(request), ...request.extra } }, own), request.stop ?? []),
      );
    },

    models: (signal) => shape.models(signal),
    samplers: () => (config.route === 'native' ? nativeSamplers : { ...quirks.samplers, ...drySamplers }),
  };

  function native(request: TextRequest, signal: AbortSignal, role?: string): AsyncIterable<Part[]> {
    const url = `${root}/api/v1/model/completion`;
    return closing(signal, async function* (own) {
      const headers = { authorization: `Bearer ${key}` };
      const response = await ask.request(url, { headers, json: nativeBody(request, role), signal: own, headersTimeout: 60_000 });
      if (request.echo) yield [{ type: 'text', text: request.prompt }];
      // The stop text is left in.
      yield* stoppedParts(nativeParts(response, url, ask, request.model), request.stop ?? [], true);
    });
  }
}

const quirks: Omit<Quirks, 'service'> = {
  samplers: {
    temperature: 'temperature',
    topP: 'top_p',
    topK: 'top_k',
    minP: 'min_p',
    presencePenalty: 'presence_penalty',
    frequencyPenalty: 'frequency_penalty',
    repetitionPenalty: 'repetition_penalty',
  },
  // Whatever is asked, the answer is a stream, without options.
  noUsageOption: true,
};

const drySamplers: SamplerNames = { 'dry.multiplier': 'dry.multiplier', 'dry.base': 'dry.base', 'dry.allowedLength': 'dry.allowed_length' };

function dryField({ sampling }: ChatRequest | TextRequest): JsonObject {
  const dry = sampling?.dry;
  return dry ? { dry: defined({ multiplier: dry.multiplier, base: dry.base, allowed_length: dry.allowedLength }) } : {};
}

/** A model with `/text` or `/assistant` behind its name says it by itself; `open` lets the model choose who speaks. */
function roleField({ model }: ChatRequest, { role, name }: DreamRole): JsonObject {
  if (role === 'assistant' || /\/(text|assistant)$/.test(model)) return {};
  return { role_config: { assistant: { role, ...(name ? { name, open: false } : { open: true }) } } };
}

/** The list holds models for pictures as well. */
function toModel({ id, display_type: type, name }: Record<string, unknown>): ModelInfo | undefined {
  if (typeof id !== 'string' || type === 'image') return undefined;
  return { id, ...(typeof name === 'string' && { name }), abilities: ['chat', 'text'] };
}

function explain({ status }: { status: number | undefined }): Meaning | undefined {
  if (status === 402)
    return {
      code: 'payment-required',
      message: 'Your DreamGen credits are used up. Wait for the next month, or get more at dreamgen.com.',
    };
  if (status === 403)
    return {
      code: 'payment-required',
      message: 'Your DreamGen plan does not include this. Choose another model, or another plan at dreamgen.com.',
    };
  return undefined;
}
