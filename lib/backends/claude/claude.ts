import * as z from 'zod/mini';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, CountRequest } from '../../protocol/request.ts';
import { type Ask, createAsk, type Meaning } from '../ask.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { countedMessages } from '../body.ts';
import { closing } from '../closing.ts';
import { eventParts } from '../event-parts.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { stoppedParts } from '../stopped-parts.ts';
import { claudeAbilities } from './abilities.ts';
import { type ClaudeEvent, claudeEvents, createClaudeDecoder } from './decode.ts';
import { type ClaudeModel, claudeModelInfo } from './models.ts';
import { claudeBody, claudeSamplers, isBlank } from './request.ts';

const preset = { baseUrl: 'https://api.anthropic.com' };

const schema = z.object({
  baseUrl: z._default(addressSchema, preset.baseUrl),
  /** Most tokens of an answer whose caller gives no limit; absent: the model's own. */
  maxOutputTokens: z.optional(z.int().check(z.positive())),
  /** How long the service keeps the start of a conversation for the next turn, at a reduced price. */
  cache: z.optional(z.enum(['off', '5m', '1h'])),
  /** Names of trial features, with commas between. */
  betas: z.optional(z.string()),
});
type ClaudeConfig = z.infer<typeof schema>;

/** Anthropic's Messages API, called straight from the browser. */
export const claude: Backend<ClaudeConfig> = {
  id: 'claude',
  label: 'Anthropic Claude',
  group: 'cloud',
  schema,
  fields: [
    { ...keyField, placeholder: 'sk-ant-…' },
    { name: 'maxOutputTokens', kind: 'number', label: 'field_maxOutputTokens', hint: 'field_maxOutputTokens_model', advanced: true },
    {
      name: 'cache',
      kind: 'choice',
      label: 'field_cache',
      hint: 'field_cache_hint',
      choices: [
        { value: 'off', label: 'field_cache_off' },
        { value: '5m', label: 'field_cache_5m' },
        { value: '1h', label: 'field_cache_1h' },
      ],
      advanced: true,
    },
    { name: 'betas', kind: 'text', label: 'field_betas', hint: 'field_betas_hint', placeholder: 'context-1m-2025-08-07', advanced: true },
    otherAddressField,
  ],
  preset,
  keyUrl: 'https://platform.claude.com/settings/keys',
  limitUrl: 'https://platform.claude.com/settings/billing',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: openClaude,
};

function openClaude(config: ClaudeConfig, { http, secret }: Resources): Engine {
  const key = secret() ?? '';
  const ask = createAsk({
    http,
    service: { label: 'Anthropic Claude' },
    key,
    explain: explainRefusal,
    explained: [400, 401, 404, 429],
  });
  const host = new URL(config.baseUrl).host;
  const address = (path: string) => `${config.baseUrl}/v1/${path}`;
  const cache = config.cache === 'off' ? undefined : config.cache;
  const betas = [config.betas, cache === '1h' && 'extended-cache-ttl-2025-04-11'].filter(Boolean).join(',');
  const headers = {
    'x-api-key': key,
    'anthropic-version': '2023-06-01',
    // Requests of an extension carry an Origin, and the service refuses those without this.
    'anthropic-dangerous-direct-browser-access': 'true',
    ...(betas && { 'anthropic-beta': betas }),
  };

  return {
    chat: (request, signal) => closing(signal, (stop) => answer(request, stop)),
    samplers: (model) => (claudeAbilities(model).sampling ? claudeSamplers : {}),

    async models(signal) {
      const models: ClaudeModel[] = [];
      for (let after = ''; ; ) {
        const url = `${address('models')}?limit=1000${after && `&after_id=${encodeURIComponent(after)}`}`;
        const page = await ask.json<{ data?: ClaudeModel[]; has_more?: boolean; last_id?: string | null }>(url, { headers, signal });
        models.push(...(page.data ?? []));
        if (!page.has_more || !page.last_id || page.last_id === after) return models.map(claudeModelInfo);
        after = page.last_id;
      }
    },

    countTokens,

    async contextWindow(model, signal) {
      return (await modelCard(ask, model, signal)).contextWindow;
    },

    /** A list is fetched without an Origin, a question is not: only a POST shows whether calls from a browser are allowed. */
    async test(signal) {
      const { data } = await ask.json<{ data?: ClaudeModel[] }>(`${address('models')}?limit=1`, { headers, signal });
      const model = data?.[0]?.id;
      if (model) await countTokens({ model, text: 'Hi' }, signal);
    },
  };

  async function* answer(request: ChatRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const json = claudeBody(request, { maxTokens: await maxTokens(request, signal), ...(cache && { cache }) });
    const url = address('messages');
    const response = await ask.request(url, { headers, json, signal, headersTimeout: 60_000 });
    const decoder = createClaudeDecoder((event) => ask.failure(url, event));
    const whole = (answer: object) => {
      const message: ClaudeEvent = answer;
      if (message.type !== 'message') throw ask.failure(url, answer);
      return claudeEvents(message).flatMap(decoder.read);
    };
    const parts = eventParts<ClaudeEvent>(response, { read: decoder.read, whole }, host);
    yield* stoppedParts(parts, request.stop?.filter(isBlank) ?? []);
  }

  async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
    const { model, system, messages: turns, tools } = claudeBody({ ...request, messages: countedMessages(request) }, { maxTokens: 1 });
    const json = { model, system, messages: turns, tools };
    const { input_tokens: count } = await ask.json<{ input_tokens?: number }>(address('messages/count_tokens'), { headers, json, signal });
    return count ?? 0;
  }

  async function maxTokens({ model, maxOutputTokens: asked }: ChatRequest, signal: AbortSignal): Promise<number> {
    const wanted = asked ?? config.maxOutputTokens;
    const limit =
      claudeAbilities(model).maxOutputTokens ?? (wanted === undefined ? (await modelCard(ask, model, signal)).maxOutputTokens : undefined);
    return Math.min(wanted ?? limit ?? usualMaxTokens, limit ?? Number.POSITIVE_INFINITY);
  }

  async function modelCard(asking: Ask, model: string, signal: AbortSignal) {
    return claudeModelInfo(await asking.json<ClaudeModel>(address(`models/${encodeURIComponent(model)}`), { headers, signal }));
  }
}

/** Where neither the user, the caller nor the service names a limit; every model takes it. */
const usualMaxTokens = 4096;

function explainRefusal({ words, body }: { words: string; body: unknown }): Meaning | undefined {
  const { type, details } = (body as { error?: { type?: string; details?: { error_code?: unknown } | null } } | null)?.error ?? {};
  if (/CORS requests/i.test(words)) {
    return {
      code: 'unauthorized',
      message:
        'Your Anthropic organisation does not allow calls from browsers. Its administrator can allow them in the Console; a key of another organisation works too.',
    };
  }
  if (/spend_limit_reached$/.test(String(details?.error_code)))
    return {
      code: 'payment-required',
      message: 'Your Anthropic organisation has reached its spending limit. Raise it, or choose another model.',
    };
  if (details?.error_code === 'organization_on_hold')
    return { code: 'unauthorized', message: 'Anthropic has put your organisation on hold. Sign in to its Console to see why.' };
  if (type === 'not_found_error')
    return { code: 'model-not-found', message: 'Claude has no model of that name. Choose one from its list.' };
  if (/content filtering policy/i.test(words)) return { code: 'content-filter', message: 'Claude refused the content.' };
  if (type === 'timeout_error') return { code: 'timeout', message: 'Claude took too long. Try again, or send a shorter request.' };
  return undefined;
}
