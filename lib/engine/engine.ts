import type { Engine as BackendEngine } from '../backends/backend.ts';
import { createDecoder } from '../backends/openai-shaped/decoder.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Part } from '../protocol/part.ts';
import type { EmbedResult } from '../protocol/request.ts';
import type { AddModel } from './add-model.ts';
import { addParts, type ModelAddress } from './add-parts.ts';
import type { Llama } from './llama.ts';
import { llamaChatBody, llamaQuirks, llamaTextBody } from './llama-wire.ts';
import { createModelSlot, type ModelSlotOptions } from './model-slot.ts';
import { createPartChannel } from './part-channel.ts';
import { isEmbedder, type StoredModel } from './stored-model.ts';

/** The calls that need a model in memory, and adding one; the rest the background answers from the store. */
export interface LocalEngine extends Required<Pick<BackendEngine, 'chat' | 'text' | 'embed' | 'countTokens' | 'load' | 'unload'>> {
  /** `loading` parts, then an `end` whose `model` is the id of the new one. */
  add(address: ModelAddress, signal: AbortSignal): AsyncIterable<Part[]>;
}

export interface LocalEngineOptions extends ModelSlotOptions {
  addModel: AddModel;
}

/** The engine itself: runs in the engine's page (Chrome) or in the background's own page (Firefox). */
export function createLocalEngine({ addModel, ...options }: LocalEngineOptions): LocalEngine {
  const slot = createModelSlot(options);
  return {
    chat: (request, signal) =>
      slot.use(request.model, signal, (llama, model, stop) => {
        refuseEmbedder(model);
        return generate(llama, 'chat', llamaChatBody(request, model), model, stop);
      }),

    text: (request, signal) =>
      slot.use(request.model, signal, async function* (llama, model, stop) {
        refuseEmbedder(model);
        const body = llamaTextBody(request);
        if (request.echo && request.prompt) yield [{ type: 'text', text: request.prompt }];
        yield* generate(llama, 'text', body, model, stop);
      }),

    async embed({ model: id, input, dimensions }, signal) {
      const vectors: number[][] = [];
      let inputTokens = 0;
      const embedAll = async (llama: Llama, model: StoredModel, stop: AbortSignal) => {
        if (!isEmbedder(model))
          throw new SwitchboardError('not-supported', `${model.name} was made to write, not to embed. Choose an embedding model.`);
        for (const text of input) {
          if (stop.aborted) throw new SwitchboardError('aborted', 'The call was stopped.');
          const { vector, tokens } = await llama.embed(text);
          if (dimensions !== undefined && dimensions !== vector.length) throw otherDimensions(model, vector.length);
          vectors.push(vector);
          inputTokens += tokens;
        }
      };
      await drain(slot.use(id, signal, embedAll));
      return { vectors, model: id, inputTokens } satisfies EmbedResult;
    },

    async countTokens(request, signal) {
      if ('text' in request && request.text === '') return 0;
      let tokens = 0;
      const count = async (llama: Llama, model: StoredModel, stop: AbortSignal) => {
        refuseEmbedder(model);
        tokens =
          'text' in request
            ? await llama.count('text', llamaTextBody({ model: model.id, prompt: request.text }), stop)
            : await llama.count('chat', llamaChatBody(request, model), stop);
      };
      await drain(slot.use(request.model, signal, count));
      return tokens;
    },

    load: (model, signal) => slot.use(model, signal, async () => undefined),

    unload: (model, signal) => slot.unload(model, signal),

    add: (address, signal) => addParts(addModel, address, signal),
  };
}

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
  if (isEmbedder(model))
    throw new SwitchboardError('not-supported', `${model.name} makes embeddings and does not write. Choose a model that does.`);
}

function otherDimensions(model: StoredModel, length: number): SwitchboardError {
  return new SwitchboardError('not-supported', `${model.name} makes vectors of ${length} numbers and no others. Leave out "dimensions".`);
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
