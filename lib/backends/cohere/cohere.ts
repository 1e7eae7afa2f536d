import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/message.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, CountRequest, EmbedRequest, EmbedResult } from '../../protocol/request.ts';
import { createAsk, type Meaning } from '../ask.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { closing } from '../closing.ts';
import { eventParts } from '../event-parts.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { stoppedParts } from '../stopped-parts.ts';
import { type CohereEvent, type CohereMessage, cohereEvents, createCohereDecoder } from './decode.ts';
import { type CohereModel, cohereModelInfo } from './models.ts';
import { cohereBody, cohereSamplers, maxStops } from './request.ts';

const preset = { baseUrl: 'https://api.cohere.com' };

const schema = z.object({
  baseUrl: z._default(addressSchema, preset.baseUrl),
  safety: z.optional(z.enum(['service', 'strict', 'off'])),
});
type CohereConfig = z.infer<typeof schema>;

/** Cohere's own API, version 2. */
export const cohere: Backend<CohereConfig> = {
  id: 'cohere',
  label: 'Cohere',
  group: 'cloud',
  schema,
  fields: [
    keyField,
    {
      name: 'safety',
      kind: 'choice',
      label: 'field_safety',
      hint: 'field_safety_hint',
      choices: [
        { value: 'service', label: 'field_safety_service' },
        { value: 'strict', label: 'field_safety_strict' },
        { value: 'off', label: 'field_safety_off' },
      ],
      advanced: true,
    },
    otherAddressField,
  ],
  preset,
  keyUrl: 'https://dashboard.cohere.com/api-keys',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: openCohere,
};

function openCohere(config: CohereConfig, { http, secret }: Resources): Engine {
  const key = secret() ?? '';
  const ask = createAsk({ http, service: { label: 'Cohere' }, key, explain, explained: [400, 404, 422, 498] });
  const { host } = new URL(config.baseUrl);
  const headers = { authorization: `Bearer ${key}` };
  const safetyMode = config.safety === undefined || config.safety === 'service' ? undefined : config.safety.toUpperCase();

  return {
    chat: (request, signal) => closing(signal, (stop) => answer(request, stop)),
    samplers: () => cohereSamplers,

    models,

    async embed({ model, input, dimensions }: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
      const vectors: number[][] = [];
      let inputTokens = 0;
      for (let start = 0; start < input.length; start += textsAtOnce) {
        const json = {
          model,
          texts: input.slice(start, start + textsAtOnce),
          input_type: 'search_document',
          embedding_types: ['float'],
          ...(dimensions !== undefined && { output_dimension: dimensions }),
        };
        const answer = await ask.json<CohereEmbeddings>(`${config.baseUrl}/v2/embed`, { headers, json, signal });
        vectors.push(...(answer.embeddings?.float ?? []));
        inputTokens += answer.meta?.billed_units?.input_tokens ?? 0;
      }
      if (vectors.length !== input.length)
        throw new SwitchboardError('bad-response', `${host} sent another number of embeddings than it was asked for. Try again.`);
      return { vectors, model, inputTokens };
    },

    /** The service counts plain text, so the marks between turns are not in it. */
    async countTokens(request: CountRequest, signal) {
      const text = 'text' in request ? request.text : request.messages.map(messageText).join('\n');
      let count = 0;
      for (let start = 0; start < text.length; start += longestText) {
        const json = { model: request.model, text: text.slice(start, start + longestText) };
        const { tokens } = await ask.json<{ tokens?: number[] }>(`${config.baseUrl}/v1/tokenize`, { headers, json, signal });
        count += tokens?.length ?? 0;
      }
      return count;
    },

    async contextWindow(model, signal) {
      return (await models(signal)).find(({ id }) => id === model)?.contextWindow;
    },
  };

  async function* answer(request: ChatRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const url = `${config.baseUrl}/v2/chat`;
    const response = await ask.request(url, { headers, json: cohereBody(request, safetyMode), signal, headersTimeout: 60_000 });
    const read = createCohereDecoder((reason, words) => (words ? ask.failure(url, { message: words }) : stopped(reason)));
    const whole = (answer: object) => {
      if (!(answer as CohereMessage).message) throw ask.failure(url, answer);
      return cohereEvents(answer as CohereMessage).flatMap(read);
    };
    yield* stoppedParts(eventParts<CohereEvent>(response, { read, whole }, host), request.stop?.slice(maxStops) ?? []);
  }

  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const models: CohereModel[] = [];
    for (let token = ''; ; ) {
      const url = `${config.baseUrl}/v1/models?page_size=1000${token && `&page_token=${encodeURIComponent(token)}`}`;
      const page = await ask.json<{ models?: CohereModel[]; next_page_token?: string }>(url, { headers, signal });
      models.push(...(page.models ?? []));
      if (!page.next_page_token || page.next_page_token === token) return models.flatMap(cohereModelInfo);
      token = page.next_page_token;
    }
  }
}

/** Limits of the service. */
const textsAtOnce = 96;
const longestText = 65_536;

interface CohereEmbeddings {
  embeddings?: { float?: number[][] };
  meta?: { billed_units?: { input_tokens?: number } };
}

function messageText(message: Message): string {
  return message.content
    .map((item) => ('text' in item ? item.text : item.type === 'tool-result' ? JSON.stringify(item.content) : ''))
    .join('');
}

function stopped(reason: string): SwitchboardError {
  return reason === 'TIMEOUT'
    ? new SwitchboardError('timeout', 'Cohere took too long and stopped the answer. Try again, or send a shorter request.')
    : new SwitchboardError('backend-error', 'Cohere stopped the answer with an error. Try again.');
}

function explain({ status, words }: { status: number | undefined; words: string }): Meaning | undefined {
  if (status === 498) return { code: 'unauthorized', message: "Cohere refused the key. Check it in the connection's settings." };
  if (/too many tokens/i.test(words))
    return { code: 'context-length', message: "The messages are longer than the model's context window. Send fewer or shorter ones." };
  if (/blocked (output|input)/i.test(words)) return { code: 'content-filter', message: 'Cohere refused the content.' };
  return undefined;
}
