import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, CountRequest, EmbedRequest, EmbedResult } from '../../protocol/request.ts';
import { createAsk } from '../ask.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { countedMessages } from '../body.ts';
import { closing } from '../closing.ts';
import { eventParts } from '../event-parts.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { stoppedParts } from '../stopped-parts.ts';
import { createGeminiDecoder, type GeminiChunk, type GeminiDecoder } from './decode.ts';
import { blocked, explainGemini } from './errors.ts';
import { bareName, fullName, type GeminiModel, geminiModelInfo, modelPath } from './models.ts';
import { geminiBody, geminiPrompt, geminiSamplers, maxStops } from './request.ts';

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
  limitUrl: 'https://aistudio.google.com/spend',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: openGemini,
};

function openGemini(config: GeminiConfig, { http, secret }: Resources): Engine {
  const key = secret() ?? '';
  const ask = createAsk({ http, service: { label: 'Google Gemini' }, key, explain: explainGemini, explained: [400, 403, 404, 429] });
  const { host } = new URL(config.baseUrl);
  const headers = { 'x-goog-api-key': key };
  const address = (model: string, verb = '') => `${config.baseUrl}/v1beta/${modelPath(model)}${verb && `:${verb}`}`;

  return {
    chat: (request, signal) => closing(signal, (stop) => answer(request, stop)),
    samplers: (model) => geminiSamplers(bareName(model)),

    async models(signal) {
      const models: GeminiModel[] = [];
      for (let token = ''; ; ) {
        const url = `${config.baseUrl}/v1beta/models?pageSize=1000${token && `&pageToken=${encodeURIComponent(token)}`}`;
        const page = await ask.json<{ models?: GeminiModel[]; nextPageToken?: string }>(url, { headers, signal });
        models.push(...(page.models ?? []));
        if (!page.nextPageToken || page.nextPageToken === token) return models.flatMap(geminiModelInfo);
        token = page.nextPageToken;
      }
    },

    async embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
      const url = address(request.model, 'batchEmbedContents');
      const vectors: number[][] = [];
      for (let start = 0; start < request.input.length; start += textsAtOnce) {
        const requests = request.input.slice(start, start + textsAtOnce).map((text) => ({
          model: fullName(request.model),
          content: { parts: [{ text }] },
          ...(request.dimensions !== undefined && { outputDimensionality: request.dimensions }),
        }));
        const { embeddings } = await ask.json<{ embeddings?: { values?: number[] }[] }>(url, { headers, json: { requests }, signal });
        vectors.push(...(embeddings ?? []).map(({ values }) => values ?? []));
      }
      if (vectors.length !== request.input.length)
        throw new SwitchboardError('bad-response', `${host} sent another number of embeddings than it was asked for. Try again.`);
      return { vectors, model: request.model };
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

/** More are refused. */
const textsAtOnce = 100;

function finish(decoder: GeminiDecoder) {
  const end = decoder.finish();
  return end ? [end] : [];
}
