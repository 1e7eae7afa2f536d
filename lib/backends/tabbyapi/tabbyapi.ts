import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, CountRequest, TextRequest } from '../../protocol/request.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { closing } from '../closing.ts';
import { addressField, addressSchema } from '../fields.ts';
import { noModel } from '../no-model.ts';
import { wireMessages } from '../openai-shaped/messages.ts';
import { guessTemplate, renderChat } from '../templates.ts';
import { tabbyAccount, tabbyOffers } from './account.ts';
import { loadModel } from './load.ts';
import { inTabbyWords, knownSamplers } from './samplers.ts';
import { tabbyQuirks, tabbyServer, tabbyService } from './server.ts';

const schema = z.object({
  baseUrl: addressSchema,
  /** What models are loaded with; absent: as the server's own settings say. */
  loadContext: z.optional(z.int().check(z.positive())),
  draftModel: z.optional(z.string()),
  loadTemplate: z.optional(z.string()),
  /** A preset of sampler overrides that the server turns to after loading. */
  samplerPreset: z.optional(z.string()),
});
type TabbyConfig = z.infer<typeof schema>;

/** TabbyAPI: OpenAI-shaped, with models that it loads and unloads for whoever has the admin key. */
export const tabbyapi: Backend<TabbyConfig> = {
  id: 'tabbyapi',
  label: 'TabbyAPI',
  group: 'local',
  schema,
  fields: [
    addressField('http://127.0.0.1:5000'),
    { name: 'key', kind: 'secret', label: 'field_key', hint: 'field_key_tabbyapi' },
    { name: 'adminKey', kind: 'secret', label: 'field_admin_key', hint: 'field_admin_key_tabbyapi' },
    { name: 'loadContext', kind: 'number', label: 'field_load_context', hint: 'field_load_context_hint', advanced: true },
    { name: 'draftModel', kind: 'text', label: 'field_draft_model', hint: 'field_draft_model_hint', advanced: true },
    { name: 'loadTemplate', kind: 'text', label: 'field_load_template', hint: 'field_load_template_hint', offers: 'one', advanced: true },
    {
      name: 'samplerPreset',
      kind: 'text',
      label: 'field_sampler_preset',
      hint: 'field_sampler_preset_hint',
      offers: 'one',
      advanced: true,
    },
  ],
  preset: { baseUrl: 'http://127.0.0.1:5000' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: openTabby,
};

function openTabby({ baseUrl, samplerPreset, ...loading }: TabbyConfig, resources: Resources): Engine {
  const server = tabbyServer(resources, baseUrl);

  return {
    chat: (request, signal) => closing(signal, (own) => chat(request, own)),
    text: (request, signal) => closing(signal, (own) => text(request, own)),
    embed: server.embed,
    models: server.models,
    countTokens,
    samplers: () => knownSamplers,
    contextWindow: async (_model, signal) => (await server.current(signal))?.contextWindow,
    load: (model, signal) => closing(signal, (own) => load(model, own)),
    account: (signal) => tabbyAccount(server, baseUrl, signal),
    offers: (field, signal) => tabbyOffers(server, baseUrl, field, signal),

    unload: (_model, signal) => free(signal),

    async test(signal) {
      await server.prove(signal);
      if ((await server.models(signal)).length === 0) throw noModel();
    },
  };

  async function* chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    try {
      yield* server.chat(inTabbyWords(withPrefix(request)), signal);
    } catch (error) {
      if (!isWithoutTemplate(error)) throw error;
      yield* text(asText(request), signal);
    }
  }

  /** A text answer without `max_tokens` fails inside the stream, so the room that is left is said. */
  async function* text(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const maxOutputTokens = request.maxOutputTokens ?? (await roomFor(request, signal));
    yield* server.text(inTabbyWords({ ...request, maxOutputTokens }), signal);
  }

  async function roomFor({ model, prompt }: TextRequest, signal: AbortSignal): Promise<number> {
    const loaded = await server.current(signal);
    if (!loaded) throw noModel();
    return Math.max(1, (loaded.contextWindow ?? smallWindow) - (await countTokens({ model, text: prompt }, signal)));
  }

  async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
    const text = 'text' in request ? request.text : wireMessages(request.messages, tabbyQuirks);
    const { length } = await server.askJson(`${baseUrl}/v1/token/encode`, signal, { json: { text } });
    if (typeof length === 'number') return length;
    throw new SwitchboardError('bad-response', `${new URL(baseUrl).host} did not count in the way of TabbyAPI.`);
  }

  async function* load(model: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const draft = loading.draftModel && { draft_model_name: loading.draftModel };
    // Versions of 2024 know the names `name` and `draft`; neither minds the others'.
    const body = {
      model_name: model,
      name: model,
      ...(loading.loadContext && { max_seq_len: loading.loadContext }),
      ...(draft && { draft_model: draft, draft }),
      ...(loading.loadTemplate && { prompt_template: loading.loadTemplate }),
    };
    const release = () => void free(AbortSignal.timeout(releaseMs)).catch(() => undefined);
    yield* loadModel(server.http, { url: `${baseUrl}/v1/model/load`, headers: server.adminHeaders(), body, release }, signal);
    if (samplerPreset) await admin('/v1/sampling/override/switch', signal, { preset: samplerPreset });
  }

  async function free(signal: AbortSignal): Promise<void> {
    // Without a model there is nothing to do, and it says so with these.
    await admin('/v1/model/unload', signal, undefined, [400, 503]);
  }

  async function admin(path: string, signal: AbortSignal, json?: JsonObject, accept: number[] = []): Promise<void> {
    const more = json ? { json } : {};
    await server.http.request(baseUrl + path, {
      method: 'POST',
      headers: server.adminHeaders(),
      signal,
      service: tabbyService,
      accept,
      ...more,
    });
  }
}

/** The answer goes on from `response_prefix`, in every version; the message that holds it must not be there then. */
function withPrefix(request: ChatRequest): ChatRequest {
  const last = request.messages.at(-1);
  if (last?.role !== 'assistant' || !last.prefix) return request;
  const prefix = last.content.map((item) => (item.type === 'text' ? item.text : '')).join('');
  return { ...request, messages: request.messages.slice(0, -1), extra: { response_prefix: prefix, ...request.extra } };
}

function isWithoutTemplate(error: unknown): boolean {
  return error instanceof SwitchboardError && error.status === 422 && /prompt template is not set/i.test(error.message);
}

/** The conversation written out by us, for a model that was loaded without a template. */
function asText({ messages, tools, toolChoice: _choice, parallelToolCalls: _parallel, ...options }: ChatRequest): TextRequest {
  const isPlain = messages.every(({ content }) => content.every(({ type }) => type !== 'image' && type !== 'audio' && type !== 'file'));
  if (tools?.length || !isPlain)
    throw new SwitchboardError('not-supported', "The user's model was loaded without a prompt template, so it takes text only.");
  const { prompt, stop } = renderChat(messages, guessTemplate(options.model));
  return { ...options, prompt, stop: [...new Set([...(options.stop ?? []), ...stop])] };
}

const smallWindow = 2048;
const releaseMs = 30_000;
