import { requireFeature } from '../policy/require-feature.ts';
import { SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import { type AddProgress, type DownloadOptions, download } from './download.ts';
import { readModelFacts } from './model-facts.ts';
import { announceChange, modelDirectory, sweep, withNewId, writeFile } from './model-files.ts';
import { fileNameOf, parseModelUrl } from './model-url.ts';
import type { StoredModel } from './stored-model.ts';

/**
 * Keeps a copy of a GGUF file, from the user's disk or from an address. Whatever fails or is stopped leaves nothing
 * behind and throws SwitchboardError with the next step.
 */
export type AddModel = (
  source: Blob | string,
  name?: string,
  onProgress?: (progress: AddProgress) => void,
  signal?: AbortSignal,
) => Promise<StoredModel>;

export interface AddModelOptions extends Pick<DownloadOptions, 'fetch' | 'silenceMs' | 'pauseMs'> {
  directory?: () => Promise<FileSystemDirectoryHandle>;
  now?: () => number;
  /** Throws where nobody may add models. Chrome's page for the engine cannot ask: whoever calls it has asked. */
  permit?: () => Promise<void>;
}

export function createAddModel({ directory = modelDirectory, now = Date.now, permit = mayAdd, ...web }: AddModelOptions = {}): AddModel {
  return async function addModel(source, name, onProgress, signal = new AbortController().signal) {
    try {
      await permit();
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
        announceChange();
        return model;
      });
    } catch (error) {
      throw problem(error, signal);
    }
  };
}

/** Adds to the store of this browser. */
export const addModel: AddModel = /* @__PURE__ */ createAddModel();

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
  if (error instanceof DOMException && error.name === 'SecurityError') {
    return new SwitchboardError(
      'backend-error',
      'This browser keeps no files: its settings forbid it, or it is in private mode. Pocket works nevertheless.',
    );
  }
  if (error instanceof DOMException && error.name === 'NotReadableError') {
    return new SwitchboardError('backend-error', 'The file could not be read any more. Choose it again.');
  }
  return toSwitchboardError(error);
}

function mayAdd(): Promise<void> {
  return requireFeature('onDeviceModels');
}
