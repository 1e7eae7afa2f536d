import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Ability, ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, CountRequest, EmbedRequest, EmbedResult } from '../../protocol/request.ts';
import { createAsk, type Meaning } from '../ask.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { countedMessages } from '../body.ts';
import { closing } from '../closing.ts';
import { eventParts } from '../event-parts.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { stoppedParts } from '../stopped-parts.ts';
import { createGeminiDecoder, type GeminiChunk, type GeminiDecoder } from './decode.ts';
import { geminiBody, geminiPrompt, maxStops } from './request.ts';

const preset = { baseUrl: 'https://generativelanguage.googleapis.com' };

const schema = z.object({
  baseUrl: z._default(addressSchema, preset.baseUrl),
  /** `off` asks the service not to filter what it may leave unfiltered. */
  safety: z.optional(z.enum(['service', 'off'])),
});
type GeminiConfig = z.infer<typeof schema>;

/** Google's Gemini API in its own protocol. */
export const gemini: Backend<GeminiConfig> = {
  id: 'gemini',
  label: 'Google Gemini',
  group: 'cloud',
  schema,
  fields: [
    { ...keyField, placeholder: 'AIza…' },
    {
      name: 'safety',
      kind: 'choice',
      label: 'field_safety',
      hint: 'field_safety_hint',
      choices: [
        { value: 'service', label: 'field_safety_service' },
        { value: 'off', label: 'field_safety_off' },
      ],
      advanced: true,
    },
    otherAddressField,
  ],
  preset,
  keyUrl: 'https://aistudio.google.com/apikey',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: openGemini,
};

function openGemini(config: GeminiConfig, { http, secret }: Resources): Engine {
  const key = secret() ?? '';
  const ask = createAsk({ http, service: { label: 'Google Gemini' }, key, explain, explained: [400, 403, 404, 429] });
  const { host } = new URL(config.baseUrl);
  const headers = { 'x-goog-api-key': key };
  const address = (model: string, verb = '') => `${config.baseUrl}/v1beta/${modelPath(model)}${verb && `:${verb}`}`;

  return {
    chat: (request, signal) => closing(signal, (stop) => answer(request, stop)),

    async models(signal) {
      const models: GeminiModel[] = [];
      for (let token = ''; ; ) {
        const url = `${config.baseUrl}/v1beta/models?pageSize=1000${token && `&pageToken=${encodeURIComponent(token)}`}`;
        const page = await ask.json<{ models?: GeminiModel[]; nextPageToken?: string }>(url, { headers, signal });
        models.push(...(page.models ?? []));
        if (!page.nextPageToken || page.nextPageToken === token) return models.flatMap(modelInfo);
        token = page.nextPageToken;
      }
    },

    async embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
      const requests = request.input.map((text) => ({
        model: fullName(request.model),
        content: { parts: [{ text }] },
        ...(request.dimensions !== undefined && { outputDimensionality: request.dimensions }),
      }));
      const url = address(request.model, 'batchEmbedContents');
      const { embeddings } = await ask.json<{ embeddings?: { values?: number[] }[] }>(url, { headers, json: { requests }, signal });
      if (embeddings?.length !== request.input.length)
        throw new SwitchboardError('bad-response', `${host} sent another number of embeddings than it was asked for. Try again.`);
      return { vectors: embeddings.map(({ values }) => values ?? []), model: request.model };
    },

    async countTokens(request: CountRequest, signal) {
      const model = bareName(request.model);
      const json = {
        generateContentRequest: { model: fullName(model), ...geminiPrompt({ ...request, model, messages: countedMessages(request) }) },
      };
      const { totalTokens } = await ask.json<{ totalTokens?: number }>(address(model, 'countTokens'), { headers, json, signal });
      return totalTokens ?? 0;
    },

    async contextWindow(model, signal) {
      return (await ask.json<GeminiModel>(address(model), { headers, signal })).inputTokenLimit;
    },
  };

  async function* answer(request: ChatRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const json = geminiBody({ ...request, model: bareName(request.model) }, config.safety === 'off' ? 'off' : undefined);
    const url = `${address(request.model, 'streamGenerateContent')}?alt=sse`;
    // A model that thinks without showing it is silent until its first word.
    const response = await ask.request(url, { headers, json, signal, headersTimeout: 120_000 });
    const decoder = createGeminiDecoder();
    const read = (chunk: GeminiChunk) => {
      if ('error' in chunk) throw ask.failure(url, chunk);
      const parts = decoder.read(chunk);
      if (decoder.blocked) throw blocked(decoder.blocked);
      return parts;
    };
    // Without `alt=sse` (a proxy that drops it) the same chunks come as one array.
    const whole = (answer: object) => [...[answer].flat().flatMap((chunk) => read(chunk as GeminiChunk)), ...finish(decoder)];
    const parts = eventParts<GeminiChunk>(response, { read, whole, finish: () => finish(decoder) }, host);
    yield* stoppedParts(parts, request.stop?.slice(maxStops) ?? []);
  }
}

interface GeminiModel {
  name: string;
  displayName?: string;
  description?: string;
  inputTokenLimit?: number;
  outputTokenLimit?: number;
  supportedGenerationMethods?: string[];
  thinking?: boolean;
}

/** What cannot chat or embed (images, speech, answers about documents) is left out. */
function modelInfo({
  name,
  displayName,
  description,
  inputTokenLimit,
  outputTokenLimit,
  supportedGenerationMethods = [],
  thinking,
}: GeminiModel): ModelInfo[] {
  const abilities: Ability[] = [];
  if (supportedGenerationMethods.includes('generateContent')) abilities.push('chat');
  if (supportedGenerationMethods.some((method) => method.startsWith('embed') || method === 'batchEmbedContents')) abilities.push('embed');
  if (abilities.length === 0) return [];
  if (abilities[0] === 'chat')
    abilities.push(...(name.includes('gemma') ? (['images'] as const) : (['tools', 'images', 'audio', 'files', 'schema'] as const)));
  if (thinking) abilities.push('thinking');
  return [
    {
      id: bareName(name),
      ...(displayName && { name: displayName }),
      ...(description && { description }),
      ...(inputTokenLimit && { contextWindow: inputTokenLimit }),
      ...(outputTokenLimit && { maxOutputTokens: outputTokenLimit }),
      abilities,
    },
  ];
}

function bareName(model: string): string {
  return model.replace(/^models\//, '');
}

function fullName(model: string): string {
  return model.includes('/') ? model : `models/${model}`;
}

function modelPath(model: string): string {
  return fullName(model).split('/').map(encodeURIComponent).join('/');
}

function finish(decoder: GeminiDecoder) {
  const end = decoder.finish();
  return end ? [end] : [];
}

function blocked(reason: string): SwitchboardError {
  return new SwitchboardError(
    'content-filter',
    `Gemini refused the prompt (${reason}). Change it, or switch the safety filters off in the connection's settings.`,
  );
}

function explain({ status, words, body }: { status: number | undefined; words: string; body: unknown }): Meaning | undefined {
  if (/API key not valid|API_KEY_INVALID|API key expired/i.test(words)) {
    return { code: 'unauthorized', message: "Google refused the key. Check it in the connection's settings." };
  }
  if (/exceeds the maximum number of tokens/i.test(words)) {
    return { code: 'context-length', message: "The messages are longer than the model's context window. Send fewer or shorter ones." };
  }
  if (/credits are depleted/i.test(words))
    return { code: 'payment-required', message: 'The Google account has no credit left. Add some, or choose another model.' };
  if (status !== 429) return undefined;
  const wait = retryDelay(body);
  const next = wait === undefined ? 'Wait a moment and try again.' : `Try again in ${Math.ceil(wait)} seconds.`;
  return {
    code: 'rate-limited',
    message: `The model's service is limiting requests. ${next}`,
    ...(wait !== undefined && { retryAfterSeconds: wait }),
  };
}

/** The service says how long to wait in the body, as `34.4s`, and in no header. */
function retryDelay(body: unknown): number | undefined {
  const seconds = /"retryDelay":\s*"([\d.]+)s"/.exec(JSON.stringify(body) ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
