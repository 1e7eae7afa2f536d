import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, TextRequest } from '../../protocol/request.ts';
import { createAsk } from '../ask.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { closing } from '../closing.ts';
import { eventParts } from '../event-parts.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { refuseIgnored } from '../refuse-ignored.ts';
import { renderChat } from '../templates.ts';
import { createNovelAccount } from './account.ts';
import { explainNovelAi } from './errors.ts';
import { contextOf, everyTier, longestAnswer, novelModels, routeOf } from './models.ts';
import { storyBody, storySamplers } from './request.ts';
import { createStoryDecoder, type StoryEvent } from './story.ts';

const preset = { baseUrl: 'https://text.novelai.net', finishSentence: true };

const schema = z.object({
  baseUrl: z._default(addressSchema, preset.baseUrl),
  /** Where accounts and the oldest models are; that of the service, or of the gateway in `baseUrl`. */
  accountUrl: z.optional(addressSchema),
  maxOutputTokens: z.optional(z.int().check(z.positive())),
  module: z.optional(z.string()),
  finishSentence: z.optional(z.boolean()),
});
type NovelConfig = z.infer<typeof schema>;

/** NovelAI's writing models, by its own protocol or by its OpenAI-shaped one, whichever a model speaks. */
export const novelai: Backend<NovelConfig> = {
  id: 'novelai',
  label: 'NovelAI',
  group: 'cloud',
  schema,
  fields: [
    { ...keyField, hint: 'field_key_novelai', placeholder: 'pst-…' },
    {
      name: 'maxOutputTokens',
      kind: 'number',
      label: 'field_maxOutputTokens',
      hint: 'field_maxOutputTokens_novelai',
      placeholder: String(everyTier),
    },
    { name: 'finishSentence', kind: 'switch', label: 'field_finishSentence', hint: 'field_finishSentence_hint', advanced: true },
    { name: 'module', kind: 'text', label: 'field_module', hint: 'field_module_hint', placeholder: 'vanilla', advanced: true },
    otherAddressField,
  ],
  preset,
  keyUrl: 'https://novelai.net/stories',
  hosts: (config) => [...new Set([config.baseUrl, accountUrlOf(config)].map((url) => new URL(url).origin))],
  open: openNovelAi,
};

function accountUrlOf({ baseUrl, accountUrl }: NovelConfig): string {
  return accountUrl ?? (baseUrl === preset.baseUrl ? 'https://api.novelai.net' : baseUrl);
}

function openNovelAi(config: NovelConfig, resources: Resources): Engine {
  const key = resources.secret() ?? '';
  const service = { label: 'NovelAI' };
  const ask = createAsk({ http: resources.http, service, key, explain: explainNovelAi, explained: [400, 401, 402, 403, 409, 429] });
  const headers = { authorization: `Bearer ${key}` };
  const accountUrl = accountUrlOf(config);
  const shape = openShape({ ...resources, http: ask }, { root: `${config.baseUrl}/oa/v1`, quirks: { ...quirks, service } });
  const account = createNovelAccount(ask, accountUrl, headers);

  return {
    chat(request, signal) {
      refuseIgnored(request, 'NovelAI');
      if (routeOf(request.model) === 'openai')
        return shape.chat({ ...request, extra: { ...thinkingField(request), ...request.extra } }, signal);
      const { messages, ...options } = request;
      const { prompt, stop } = renderChat(messages, 'transcript');
      const asked = { ...options, prompt, stop: [...(request.stop ?? []), ...stop] };
      return closing(signal, (own) => withoutFirstSpace(story(asked, own)));
    },

    text(request, signal) {
      return routeOf(request.model) === 'openai' ? shape.text(request, signal) : closing(signal, (own) => story(request, own));
    },

    async models(signal) {
      const [ofTier, listed] = await Promise.all([account.subscription(signal), shape.models(signal).catch(emptyUnlessAborted)]);
      return novelModels(
        ofTier,
        listed.map(({ id }) => id),
      );
    },

    contextWindow: async (model, signal) => contextOf(model, await account.subscription(signal)),
    applyTemplate: async ({ messages, model }) => (routeOf(model) === 'openai' ? '' : renderChat(messages, 'transcript').prompt),
    samplers: (model) => (routeOf(model) === 'openai' ? quirks.samplers : storySamplers),
    losesStart: (model) => routeOf(model) !== 'openai',

    test: account.test,
    account: account.info,
  };

  async function* story(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const maxLength = await answerLength(request, signal);
    const root = routeOf(request.model) === 'story' ? config.baseUrl : accountUrl;
    const url = `${root}/ai/generate-stream`;
    const { module, finishSentence } = config;
    const response = await ask.request(url, {
      headers,
      json: storyBody(request, { maxLength, module, finishSentence }),
      signal,
      headersTimeout: 60_000,
    });
    if (request.echo) yield [{ type: 'text', text: request.prompt }];
    const failure = ({ error, message = error, statusCode }: StoryEvent) => ask.failure(url, { message }, statusCode);
    const { read } = createStoryDecoder(request.model, request.stop ?? [], maxLength, failure);
    const whole = (answer: StoryEvent) => (answer.output === undefined && answer.error === undefined ? [] : read(answer));
    yield* eventParts<StoryEvent>(response, { read, whole }, new URL(url).host);
  }

  /** Only an answer longer than all tiers allow makes it worth asking for the tier. */
  async function answerLength({ maxOutputTokens }: TextRequest, signal: AbortSignal): Promise<number> {
    const asked = maxOutputTokens ?? config.maxOutputTokens ?? everyTier;
    return asked <= everyTier ? asked : Math.min(asked, longestAnswer((await account.subscription(signal)).tier));
  }
}

const quirks: Omit<Quirks, 'service'> = {
  samplers: {
    ...commonSamplers,
    topK: 'top_k',
    minP: 'min_p',
    'smoothing.factor': 'unified_quadratic',
    'smoothing.curve': 'unified_cubic',
  },
  // Not among the fields the service knows.
  noUsageOption: true,
  thinkTags: true,
};

function thinkingField({ thinking }: ChatRequest): { enable_thinking?: boolean } {
  return thinking ? { enable_thinking: thinking.effort !== 'none' && thinking.budgetTokens !== 0 } : {};
}

/** A transcript ends in "Assistant:", so the answer begins with a space. */
async function* withoutFirstSpace(answer: AsyncIterable<Part[]>): AsyncGenerator<Part[], void> {
  let isFirst = true;
  for await (const parts of answer) {
    const trimmed = parts.flatMap((part): Part[] => {
      if (!isFirst || part.type !== 'text') return [part];
      const text = part.text.trimStart();
      isFirst = text === '';
      return isFirst ? [] : [{ ...part, text }];
    });
    if (trimmed.length > 0) yield trimmed;
  }
}

function emptyUnlessAborted(error: unknown): [] {
  if (error instanceof SwitchboardError && error.code === 'aborted') throw error;
  return [];
}
