import type { Engine as BackendEngine } from '../backends/backend.ts';
import { createDecoder } from '../backends/openai-shaped/decoder.ts';
import { SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatRequest, CountRequest, EmbedRequest, EmbedResult, TextRequest } from '../protocol/request.ts';
import type { Llama, LoadLlama } from './llama.ts';
import { llamaChatBody, llamaQuirks, llamaTextBody } from './llama-wire.ts';
import type { ModelStore } from './model-store.ts';
import { createPartChannel } from './part-channel.ts';
import { createQueue } from './queue.ts';
import { isEmbedder, type StoredModel } from './stored-model.ts';

/** The calls that need a model in memory; the rest the background answers from the store. */
export type LocalEngine = Required<Pick<BackendEngine, 'chat' | 'text' | 'embed' | 'countTokens' | 'load' | 'unload'>>;

export interface LocalEngineOptions {
  store: Pick<ModelStore, 'listModels' | 'openModel' | 'watchModels'>;
  load: LoadLlama;
  /** Milliseconds without a call after which the model is closed. */
  idleMs?: number;
  /** Nothing is in memory and nobody waits: the page may go. */
  onIdle?: () => void;
}

/**
 * One model in memory, one call at a time, first come, first served. A call for another model closes the one before.
 * Runs in the engine's page (Chrome) or in the background's own page (Firefox).
 */
export function createLocalEngine({ store, load, idleMs = 5 * 60_000, onIdle }: LocalEngineOptions): LocalEngine {
  const queue = createQueue();
  let current: { model: StoredModel; llama: Llama } | undefined;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;

  store.watchModels(async () => {
    const models = await store.listModels().catch(() => undefined);
    if (queue.length() === 0 && current && models && !models.some(({ id }) => id === current?.model.id)) close();
  });
  rest();

  /** Waits for the turn, opens the model, and hands it to `use`, whatever of it the caller reads. */
  async function* withModel(
    id: string,
    signal: AbortSignal,
    use: (llama: Llama, model: StoredModel, signal: AbortSignal) => AsyncIterable<Part[]>,
  ) {
    const place = queue.enter(signal);
    const left = new AbortController();
    const stop = AbortSignal.any([signal, left.signal]);
    clearTimeout(idleTimer);
    try {
      for await (const position of place.wait()) yield [{ type: 'queued', position }] satisfies Part[];
      const model = await find(id);
      const llama = yield* open(model, stop);
      yield* use(llama, model, stop);
    } catch (error) {
      throw toSwitchboardError(error);
    } finally {
      left.abort();
      if (current && !current.llama.isAlive()) close();
      place.leave();
      rest();
    }
  }

  async function find(id: string): Promise<StoredModel> {
    const model = (await store.listModels()).find((each) => each.id === id);
    if (model) return model;
    throw new SwitchboardError('model-not-found', `There is no model "${id}" in this browser. Add it again, or choose another.`);
  }

  async function* open(model: StoredModel, signal: AbortSignal): AsyncGenerator<Part[], Llama> {
    if (current?.model.id === model.id) return current.llama;
    close();
    const channel = createPartChannel();
    let told = 0;
    const tell = (progress: number) => {
      if (progress < told + 0.01 && told > 0) return;
      told = progress;
      channel.push([{ type: 'loading', progress, what: model.name }]);
    };
    tell(0);
    const loading = store
      .openModel(model.id)
      .then((file) => load(model, file, { onProgress: tell, signal }))
      .finally(channel.close);
    // Awaited below; a reader that leaves before must not make it an unhandled rejection.
    loading.catch(() => undefined);
    try {
      for await (const parts of channel) yield parts.slice(-1);
      const llama = await loading;
      current = { model, llama };
      return llama;
    } finally {
      // The reader left between the two lines above: what was loaded for it has no owner.
      if (!current) void loading.then((llama) => llama.close()).catch(() => undefined);
    }
  }

  function close(): void {
    current?.llama.close();
    current = undefined;
  }

  function rest(): void {
    clearTimeout(idleTimer);
    if (queue.length() > 0) return;
    idleTimer = setTimeout(
      () => {
        close();
        onIdle?.();
      },
      current ? idleMs : Math.min(idleMs, emptyIdleMs),
    );
  }

  return {
    chat: (request: ChatRequest, signal) =>
      withModel(request.model, signal, (llama, model, stop) => {
        refuseEmbedder(model);
        return generate(llama, 'chat', llamaChatBody(request, model), model, stop);
      }),

    text: (request: TextRequest, signal) =>
      withModel(request.model, signal, async function* (llama, model, stop) {
        refuseEmbedder(model);
        const body = llamaTextBody(request);
        if (request.echo && request.prompt) yield [{ type: 'text', text: request.prompt }];
        yield* generate(llama, 'text', body, model, stop);
      }),

    async embed(request: EmbedRequest, signal) {
      const result: EmbedResult = { vectors: [], model: request.model, inputTokens: 0 };
      const use = async function* (llama: Llama, model: StoredModel): AsyncGenerator<Part[]> {
        if (!isEmbedder(model)) {
          throw new SwitchboardError('not-supported', `${model.name} was made to write, not to embed. Choose an embedding model.`);
        }
        for (const input of request.input) {
          if (signal.aborted) throw new SwitchboardError('aborted', 'The call was stopped.');
          const { vector, tokens } = await llama.embed(input);
          if (request.dimensions !== undefined && request.dimensions !== vector.length) {
            throw new SwitchboardError(
              'not-supported',
              `${model.name} makes vectors of ${vector.length} numbers and no others. Leave out "dimensions".`,
            );
          }
          result.vectors.push(vector);
          result.inputTokens = (result.inputTokens ?? 0) + tokens;
        }
      };
      await drain(withModel(request.model, signal, use));
      return result;
    },

    async countTokens(request: CountRequest, signal) {
      if ('text' in request && request.text === '') return 0;
      let tokens = 0;
      const use = async function* (llama: Llama, model: StoredModel, stop: AbortSignal): AsyncGenerator<Part[]> {
        refuseEmbedder(model);
        if ('text' in request) tokens = await llama.count('text', llamaTextBody({ model: model.id, prompt: request.text }), stop);
        else tokens = await llama.count('chat', llamaChatBody(request, model), stop);
      };
      await drain(withModel(request.model, signal, use));
      return tokens;
    },

    load: (model, signal) => withModel(model, signal, async function* () {}),

    async unload(id, signal) {
      const place = queue.enter(signal);
      try {
        await drain(place.wait());
        if (current?.model.id === id) close();
      } finally {
        place.leave();
        rest();
      }
    },
  };
}

/** With nothing in memory there is nothing to keep warm. */
const emptyIdleMs = 10_000;

/** The answer of a loaded model as parts. Leaving it early stops the model before the next caller has its turn. */
async function* generate(
  llama: Llama,
  kind: 'chat' | 'text',
  body: JsonObject,
  model: StoredModel,
  signal: AbortSignal,
): AsyncGenerator<Part[]> {
  const decoder = createDecoder(llamaQuirks, { host: 'this browser', place: 'device', service: llamaQuirks.service, secrets: [] });
  const channel = createPartChannel();
  const left = new AbortController();
  const read = (chunk: JsonObject) => {
    const parts: Part[] = [];
    decoder.read([{ data: JSON.stringify(chunk) }], parts);
    if (parts.length) channel.push(parts);
  };
  const running = llama
    .generate(kind, body, read, AbortSignal.any([signal, left.signal]))
    .then(() => {
      const parts: Part[] = [];
      decoder.end(parts);
      channel.push(parts.map((part) => (part.type === 'end' ? { ...part, model: model.id } : part)));
      channel.close();
    })
    .catch(channel.fail);
  try {
    yield* channel;
  } finally {
    left.abort();
    await running;
  }
}

function refuseEmbedder(model: StoredModel): void {
  if (!isEmbedder(model)) return;
  throw new SwitchboardError('not-supported', `${model.name} makes embeddings and does not write. Choose a model that does.`);
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
