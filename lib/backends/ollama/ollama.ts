import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, TextRequest } from '../../protocol/request.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { closing } from '../closing.ts';
import { answerParts } from './answer-parts.ts';
import { type BodyContext, chatBody, embedBody, generateBody } from './bodies.ts';
import { contextFor, reachableContext, tokensNeeded } from './context.ts';
import { embedResult } from './embed.ts';
import { entriesOf, loadedContexts, wholeName } from './facts.ts';
import { createModelMemory } from './memory.ts';
import { ollamaModels } from './models.ts';
import { ollamaSamplers } from './options.ts';
import { pullParts } from './pull.ts';
import { openServer } from './server.ts';
import { keepAliveFields, type OllamaConfig, ollamaFields, ollamaSchema } from './settings.ts';

/** Ollama, over its own routes: only there can the context be chosen, and only there do errors in a running answer arrive. */
export const ollama: Backend<OllamaConfig> = {
  id: 'ollama',
  label: 'Ollama',
  group: 'local',
  schema: ollamaSchema,
  fields: ollamaFields,
  preset: { baseUrl: 'http://127.0.0.1:11434' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: openOllama,
};

function openOllama(config: OllamaConfig, resources: Resources): Engine {
  const { contextLength: setting } = config;
  const server = openServer(config.baseUrl, resources);
  const memory = createModelMemory(server);
  const connection = keepAliveFields(config);

  return {
    chat: (request, signal) => answer('/api/chat', request, signal, (context) => chatBody(request, context)),
    text: (request, signal) => answer('/api/generate', request, signal, (context) => generateBody(request, context), startOf(request)),

    async embed(request, signal) {
      const vectors = await server.json('/api/embed', embedBody(request, connection), signal);
      return embedResult(vectors, request.input.length, server.errorContext());
    },

    async models(signal) {
      const [tags, running] = await Promise.all([server.get('/api/tags', signal), server.get('/api/ps', signal)]);
      return ollamaModels({ tags, running, setting, show: (model) => server.show(model, signal) });
    },

    async contextWindow(model, signal) {
      const [facts, running] = await Promise.all([memory.facts(model, signal), server.get('/api/ps', signal)]);
      return facts && reachableContext({ facts, setting, loaded: loadedContexts(running).get(wholeName(model)) });
    },

    samplers: () => ollamaSamplers,
    load,
    unload: async (model, signal) => void (await server.json('/api/generate', { model, stream: false, keep_alive: 0 }, signal)),
    pull: (model, signal) => closing(signal, (own) => pulled(model, own)),
    async remove(model, signal) {
      await server.remove('/api/delete', { model }, signal);
      memory.forget(model);
    },

    /** Lists are fetched without an Origin and pass; only a POST shows whether Ollama lets extensions in. */
    async test(signal) {
      const [first] = entriesOf(await server.get('/api/tags', signal));
      if (typeof first?.name === 'string') return void (await server.show(first.name, signal));
      const { host } = server.errorContext();
      throw new SwitchboardError('model-not-found', `Ollama at ${host} has no model yet. Get one with \`ollama pull llama3.2\`.`);
    },
  };

  /** Nothing is built, refused or sent before somebody reads. */
  function answer(
    path: string,
    request: ChatRequest | TextRequest,
    signal: AbortSignal,
    body: (context: BodyContext) => object,
    start?: Part[],
  ): AsyncIterable<Part[]> {
    return closing(signal, async function* (own) {
      const response = await server.post(
        path,
        body(await contextOf(request.model, tokensNeeded(request), own, request.contextWindow)),
        own,
      );
      yield* answerParts(response, server.errorContext(), start);
    });
  }

  async function contextOf(model: string, needed: number, signal: AbortSignal, wish = setting): Promise<BodyContext> {
    const facts = await memory.facts(model, signal);
    if (!facts) return { facts, numCtx: wish, connection };
    const numCtx = contextFor({ facts, setting: wish, loaded: await memory.loaded(model, signal), needed });
    memory.willLoad(model, numCtx);
    return { facts, numCtx, connection };
  }

  async function* load(model: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
    yield [{ type: 'loading' }];
    const { facts, numCtx } = await contextOf(model, 0, signal);
    // Models for embeddings refuse the route of the others, and load for an empty list of texts.
    const isEmbedder = facts?.capabilities?.includes('embedding') && !facts.capabilities.includes('completion');
    if (isEmbedder) await server.json('/api/embed', { model, input: [], ...connection }, signal);
    else
      await server.json(
        '/api/chat',
        { model, messages: [], stream: false, ...(numCtx !== undefined && { options: { num_ctx: numCtx } }), ...connection },
        signal,
      );
  }

  async function* pulled(model: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
    yield* pullParts(await server.post('/api/pull', { model, stream: true }, signal), server.errorContext());
    memory.forget(model);
  }
}

function startOf({ echo, prompt }: TextRequest): Part[] {
  return echo ? [{ type: 'text', text: prompt }] : [];
}
