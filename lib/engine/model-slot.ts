import { SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { Llama, LoadLlama } from './llama.ts';
import type { ModelStore } from './model-store.ts';
import { createPartChannel } from './part-channel.ts';
import { createQueue } from './queue.ts';
import type { StoredModel } from './stored-model.ts';

export interface ModelSlotOptions {
  store: Pick<ModelStore, 'listModels' | 'openModel' | 'watchModels'>;
  load: LoadLlama;
  /** Milliseconds without a call after which the model is closed. */
  idleMs?: number;
  /** A model is in memory now; what it returns is called when the model is closed. */
  onOpen?: (model: StoredModel) => (() => void) | undefined;
  /** Nothing is in memory and nobody waits: the page may go. */
  onIdle?: () => void;
}

/** What a caller does with a loaded model while it has its turn. The signal also fires when the reader leaves early. */
export type UseModel = (llama: Llama, model: StoredModel, signal: AbortSignal) => AsyncIterable<Part[]> | Promise<void>;

/** The place for one model in memory. */
export interface ModelSlot {
  /** Waits for the turn (`queued` parts), opens the model where it is not open (`loading` parts), then `use`. */
  use(id: string, signal: AbortSignal, use: UseModel): AsyncGenerator<Part[]>;
  unload(id: string, signal: AbortSignal): Promise<void>;
}

/** One call at a time, first come, first served. A call for another model closes the one before. */
export function createModelSlot({ store, load, idleMs = 5 * 60_000, onOpen, onIdle }: ModelSlotOptions): ModelSlot {
  const queue = createQueue();
  let current: { model: StoredModel; llama: Llama; onClose?: (() => void) | undefined } | undefined;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;

  store.watchModels(async () => {
    const models = await store.listModels().catch(() => undefined);
    if (queue.length() === 0 && current && models && !models.some(({ id }) => id === current?.model.id)) close();
  });
  rest();

  async function* take(id: string, signal: AbortSignal, use: UseModel): AsyncGenerator<Part[]> {
    const place = queue.enter(signal);
    const left = new AbortController();
    const stop = AbortSignal.any([signal, left.signal]);
    clearTimeout(idleTimer);
    try {
      for await (const position of place.wait()) yield [{ type: 'queued', position }];
      const model = await find(id);
      const outcome = use(yield* open(model, stop), model, stop);
      if (Symbol.asyncIterator in outcome) yield* outcome;
      else await outcome;
    } catch (error) {
      throw toSwitchboardError(error);
    } finally {
      left.abort();
      if (current && !current.llama.isAlive()) close();
      place.leave();
      rest();
    }
  }

  /** By its id, or by the name the user gave it. */
  async function find(id: string): Promise<StoredModel> {
    const models = await store.listModels();
    const model = models.find((each) => each.id === id) ?? models.find(({ name }) => name === id);
    if (model) return model;
    throw new SwitchboardError('model-not-found', `There is no model "${id}" in this browser. Add it again, or choose another.`);
  }

  async function* open(model: StoredModel, signal: AbortSignal): AsyncGenerator<Part[], Llama> {
    if (current?.model.id === model.id) return current.llama;
    close();
    const channel = createPartChannel();
    const loading = store
      .openModel(model.id)
      .then((file) => load(model, file, { onProgress: loadingTeller(model, channel.push), signal }))
      .finally(channel.close);
    // Awaited below; a reader that leaves before must not make it an unhandled rejection.
    loading.catch(() => undefined);
    try {
      for await (const parts of channel) yield parts.slice(-1);
      const llama = await loading;
      current = { model, llama, onClose: onOpen?.(model) };
      return llama;
    } finally {
      // The reader left before the model had an owner.
      if (!current) void loading.then((llama) => llama.close()).catch(() => undefined);
    }
  }

  function close(): void {
    current?.llama.close();
    current?.onClose?.();
    current = undefined;
  }

  function rest(): void {
    clearTimeout(idleTimer);
    if (queue.length() > 0) return;
    const sleep = () => {
      close();
      onIdle?.();
    };
    idleTimer = setTimeout(sleep, current ? idleMs : Math.min(idleMs, emptyIdleMs));
  }

  return {
    use: take,
    async unload(id, signal) {
      const place = queue.enter(signal);
      try {
        for await (const _ of place.wait());
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

/** Says at once that a model is being loaded, and then each whole percent. */
function loadingTeller({ name }: StoredModel, push: (parts: Part[]) => void): (progress: number) => void {
  let told = 0;
  const tell = (progress: number) => push([{ type: 'loading', progress, what: name }]);
  tell(0);
  return (progress) => {
    if (progress < told + 0.01) return;
    told = progress;
    tell(progress);
  };
}
