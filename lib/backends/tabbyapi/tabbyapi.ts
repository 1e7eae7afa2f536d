import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Ability, ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { CountRequest, TextRequest } from '../../protocol/request.ts';
import type { Backend, Engine, Resources, Service } from '../backend.ts';
import { closing } from '../closing.ts';
import { addressField, addressSchema } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import { wireMessages } from '../openai-shaped/messages.ts';
import { listedModels } from '../openai-shaped/models.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { loadModel } from './load.ts';
import { tabbySamplers } from './samplers.ts';

const schema = z.object({
  baseUrl: addressSchema,
  /** Context to load models with; absent: as the server's own settings say. */
  loadContext: z.optional(z.int().check(z.positive())),
  draftModel: z.optional(z.string()),
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
  ],
  preset: { baseUrl: 'http://127.0.0.1:5000' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: openTabby,
};

const service: Service = { label: 'TabbyAPI', startHint: 'Start TabbyAPI.' };

const quirks: Quirks = {
  service,
  samplers: tabbySamplers,
  regex: 'regex_pattern',
  grammar: 'grammar_string',
  prefill: { continue_final_message: true, add_generation_prompt: false },
  thoughtField: 'reasoning_content',
  thinking: 'reasoning_effort',
  thinkingBudget: 'reasoning_budget_tokens',
};

function openTabby({ baseUrl, loadContext, draftModel }: TabbyConfig, resources: Resources): Engine {
  const { http, secret } = resources;
  const shape = openShape(resources, { root: `${baseUrl}/v1`, quirks, toModel });

  return {
    chat: (request, signal) => closing(signal, (own) => whenLoaded(shape.chat(request, own))),
    text: (request, signal) => closing(signal, (own) => text(request, own)),
    embed: shape.embed,
    models,
    countTokens,
    contextWindow: async (_model, signal) => (await current(signal))?.contextWindow,

    load(model, signal) {
      const body = {
        model_name: model,
        ...(loadContext && { max_seq_len: loadContext }),
        ...(draftModel && { draft_model: { draft_model_name: draftModel } }),
      };
      return loadModel(resources, { url: `${baseUrl}/v1/model/load`, headers: adminHeaders(), service }, body, signal);
    },

    async unload(_model, signal) {
      await http.request(`${baseUrl}/v1/model/unload`, { method: 'POST', headers: adminHeaders(), signal, service });
    },

    /** The model routes accept both keys; whether the ordinary one is right, a count of tokens tells. */
    async test(signal) {
      await shape.models(signal);
      if (!(await current(signal))) throw noModel();
    },
  };

  /** A text answer without `max_tokens` fails inside the stream, so the room that is left is said. */
  async function* text(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const maxOutputTokens = request.maxOutputTokens ?? (await roomFor(request, signal));
    yield* whenLoaded(shape.text({ ...request, maxOutputTokens }, signal));
  }

  async function roomFor({ model, prompt }: TextRequest, signal: AbortSignal): Promise<number> {
    const window = (await current(signal))?.contextWindow ?? smallWindow;
    return Math.max(1, window - (await countTokens({ model, text: prompt }, signal)));
  }

  /** An ordinary key sees the loaded model only, an admin key every folder; which one is loaded, `/v1/model` tells. */
  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const [listed, loaded] = await Promise.all([list(signal), current(signal)]);
    const others = listed.filter(({ id }) => id !== loaded?.id).map((model) => ({ ...model, loaded: false }));
    return loaded ? [loaded, ...others] : others;
  }

  async function list(signal: AbortSignal): Promise<ModelInfo[]> {
    if (!secret('adminKey')) return await shape.models(signal);
    const headers = { 'x-api-key': secret('adminKey') ?? '' };
    const response = await http.request(`${baseUrl}/v1/model/list`, { headers, signal, service });
    return listedModels(await response.text(), shape.errorContext(), toModel);
  }

  /** The loaded model; versions before April 2025 say 400 where newer ones say 503. */
  async function current(signal: AbortSignal): Promise<ModelInfo | undefined> {
    const response = await shape.ask(`${baseUrl}/v1/model`, signal, { accept: [400, 503] });
    if (!response.ok) return undefined;
    const card = (await response.json()) as { id?: unknown; parameters?: { max_seq_len?: unknown; use_vision?: unknown } };
    if (typeof card.id !== 'string') return undefined;
    const window = card.parameters?.max_seq_len;
    const abilities: Ability[] = [
      'chat',
      'text',
      'tools',
      'schema',
      ...(card.parameters?.use_vision === true ? (['images'] as const) : []),
    ];
    return { id: card.id, loaded: true, abilities, ...(typeof window === 'number' && { contextWindow: window }) };
  }

  async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
    const text = 'text' in request ? request.text : wireMessages(request.messages, quirks);
    const { length } = await shape.askJson(`${baseUrl}/v1/token/encode`, signal, { json: { text } });
    if (typeof length === 'number') return length;
    throw new SwitchboardError('bad-response', `${new URL(baseUrl).host} did not count in the way of TabbyAPI.`);
  }

  function adminHeaders(): Record<string, string> {
    const key = secret('adminKey') ?? secret();
    return key ? { 'x-admin-key': key } : {};
  }
}

/** 503 without a model is not a busy server: it wants one to be loaded. */
async function* whenLoaded(answer: AsyncIterable<Part[]>): AsyncGenerator<Part[], void> {
  try {
    yield* answer;
  } catch (error) {
    if (error instanceof SwitchboardError && error.status === 503 && /no models/i.test(error.message)) throw noModel();
    throw error;
  }
}

function noModel(): SwitchboardError {
  return new SwitchboardError('model-not-found', 'TabbyAPI has no model loaded. Load one from the list in the connection, then try again.');
}

/** The dummy that some versions put first belongs to clients that insist on it. */
function toModel({ id }: Record<string, unknown>): ModelInfo | undefined {
  return typeof id === 'string' && id !== 'gpt-3.5-turbo' ? { id } : undefined;
}

const smallWindow = 2048;
