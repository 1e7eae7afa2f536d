import { SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import { type AddProgress, type DownloadOptions, download } from './download.ts';
import { readModelFacts } from './model-facts.ts';
import { getFile, readNote, removeFiles, sweep, withNewId, writeFile } from './model-files.ts';
import { fileNameOf, parseModelUrl } from './model-url.ts';
import { pocket, pocketUrl, type StoredModel } from './stored-model.ts';

export type { AddProgress, StoredModel };

/** The GGUF models of this browser, in the origin's private file system: they stay when the browser closes. */
export interface ModelStore {
  /**
   * Keeps a copy of a GGUF file, from the user's disk or from an address. Whatever fails or is stopped leaves nothing
   * behind and throws SwitchboardError with the next step.
   */
  addModel(source: Blob | string, name?: string, onProgress?: (progress: AddProgress) => void, signal?: AbortSignal): Promise<StoredModel>;
  /** Pocket first, then the user's own, oldest first. */
  listModels(): Promise<StoredModel[]>;
  removeModel(id: string): Promise<void>;
  /** The file of a model; throws `model-not-found`. */
  openModel(id: string): Promise<Blob>;
  /** Called when any page or the background added or removed a model; returns its undo. */
  watchModels(listener: () => void): () => void;
}

export interface ModelStoreOptions extends Pick<DownloadOptions, 'fetch' | 'silenceMs' | 'pauseMs'> {
  directory?: () => Promise<FileSystemDirectoryHandle>;
  now?: () => number;
}

/**
 * A model is two files, `<id>.gguf` and `<id>.json`; the second is written last, so what was cut off half-way is never
 * listed, and the next `addModel` clears it away.
 */
export function createModelStore({ directory = modelDirectory, now = Date.now, ...web }: ModelStoreOptions = {}): ModelStore {
  async function listModels(): Promise<StoredModel[]> {
    const folder = await directory();
    const models: StoredModel[] = [];
    for await (const name of folder.keys()) {
      const model = name.endsWith('.json') ? await readNote(folder, name) : undefined;
      if (model) models.push(model);
    }
    return [pocket, ...models.sort((a, b) => a.addedAt - b.addedAt)];
  }

  async function addModel(
    source: Blob | string,
    name?: string,
    onProgress?: (progress: AddProgress) => void,
    signal = new AbortController().signal,
  ) {
    try {
      const url = typeof source === 'string' ? parseModelUrl(source) : undefined;
      const fileName = url ? fileNameOf(url) : ((source as Partial<File>).name ?? 'The file');
      // Before the copy: the head of a local file costs nothing, and the copy of the wrong one costs minutes.
      if (typeof source !== 'string') await readModelFacts(source, fileName);
      const folder = await directory();
      await sweep(folder);
      await keepStorage();
      const given = name?.trim() || fileName.replace(/\.gguf$/i, '');
      return await withNewId(folder, given, async (id) => {
        const file = await writeFile(folder, `${id}.gguf`, async (writer) => {
          if (url) await download(url, (bytes) => writer.write(bytes), { signal, onProgress, ...web });
          else await copy(source as Blob, (bytes) => writer.write(bytes), signal, onProgress);
        });
        const { name: ownName, ...facts } = await readModelFacts(file, fileName);
        signal.throwIfAborted();
        const model: StoredModel = {
          id,
          name: name?.trim() || ownName || given,
          sizeBytes: file.size,
          source: url ? 'url' : 'file',
          ...(url && { url: url.href }),
          addedAt: now(),
          ...facts,
        };
        await writeFile(folder, `${id}.json`, (writer) => writer.write(JSON.stringify(model)));
        announce();
        return model;
      });
    } catch (error) {
      throw problem(error, signal);
    }
  }

  return {
    addModel,
    listModels,
    async removeModel(id) {
      if (id === pocket.id)
        throw new SwitchboardError('bad-request', 'Pocket is part of Switchboard and takes 1.7 MB; it cannot be removed.');
      await removeFiles(await directory(), id);
      announce();
    },
    async openModel(id) {
      if (id === pocket.id) return (await fetch(pocketUrl)).blob();
      const folder = await directory();
      const model = await readNote(folder, `${id}.json`);
      const file = model && (await getFile(folder, `${id}.gguf`));
      if (!file)
        throw new SwitchboardError('model-not-found', `There is no model "${id}" in this browser. Add it again, or choose another.`);
      return file;
    },
    watchModels(listener) {
      const channel = new BroadcastChannel(channelName);
      channel.addEventListener('message', listener);
      return () => channel.close();
    },
  };
}

/** The store of this browser. */
export const { addModel, listModels, removeModel, openModel, watchModels } = createModelStore();

const channelName = 'switchboard-models';

/** A new channel each time: one does not hear itself, and the context that adds may watch too. */
function announce(): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage('changed');
  channel.close();
}

async function modelDirectory(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle('models', { create: true });
}

/** Asks once in a while not to be cleared when the disk fills up; workers cannot ask, and a refusal changes nothing. */
async function keepStorage(): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false);
}

async function copy(
  source: Blob,
  write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
  signal: AbortSignal,
  onProgress?: (progress: AddProgress) => void,
): Promise<void> {
  let bytes = 0;
  for await (const piece of source.stream() as ReadableStream<Uint8Array<ArrayBuffer>>) {
    signal.throwIfAborted();
    await write(piece);
    bytes += piece.length;
    onProgress?.({ bytes, totalBytes: source.size });
  }
}

function problem(error: unknown, signal: AbortSignal): SwitchboardError {
  if (signal.aborted) return new SwitchboardError('aborted', 'The call was stopped.');
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return new SwitchboardError(
      'backend-error',
      'There is not enough room on the disk for this model. Free some space or choose a smaller model.',
    );
  }
  if (error instanceof DOMException && error.name === 'NotReadableError') {
    return new SwitchboardError('backend-error', 'The file could not be read any more. Choose it again.');
  }
  return toSwitchboardError(error);
}
