import { pocket, type StoredModel } from './stored-model.ts';

// A model is two files, `<id>.gguf` and `<id>.json`; the second is written last, so what was cut off half-way is never
// listed, and the next model that is added clears it away.

/** The folder of the models. Throws where the browser keeps no files (Firefox, where it never remembers history). */
export async function modelDirectory(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle('models', { create: true });
}

export const channelName = 'switchboard-models';

/** Tells every page, and this one too: a new channel each time, because one does not hear itself. */
export function announceChange(): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage('changed');
  channel.close();
}

/** The note of a model; nothing where there is none, or one that was cut off. */
export async function readNote(folder: FileSystemDirectoryHandle, name: string): Promise<StoredModel | undefined> {
  const file = await getFile(folder, name);
  if (!file) return undefined;
  try {
    return JSON.parse(await file.text()) as StoredModel;
  } catch {
    // Cut off while it was written: the model was never complete.
    return undefined;
  }
}

/** The file of that name; nothing where there is none. */
export async function getFile(folder: FileSystemDirectoryHandle, name: string): Promise<File | undefined> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError')) return undefined;
    throw error;
  }
}

/** Writes a file whole or not at all. */
export async function writeFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  fill: (writer: FileSystemWritableFileStream) => Promise<void>,
): Promise<File> {
  const handle = await folder.getFileHandle(name, { create: true });
  const writer = await handle.createWritable();
  try {
    await fill(writer);
    await writer.close();
  } catch (error) {
    await writer.abort().catch(() => undefined);
    throw error;
  }
  return handle.getFile();
}

/** Removes both files of a model, those of them that are there. */
export async function removeFiles(folder: FileSystemDirectoryHandle, id: string): Promise<void> {
  for (const name of [`${id}.json`, `${id}.gguf`]) await folder.removeEntry(name).catch(() => undefined);
}

/**
 * Runs `use` with an id made from the name that no model has, held by a lock for as long as the model is incomplete.
 * Whatever `use` wrote is removed when it throws.
 */
export async function withNewId<Value>(
  folder: FileSystemDirectoryHandle,
  name: string,
  use: (id: string) => Promise<Value>,
): Promise<Value> {
  const stem = slug(name);
  for (let number = stem === pocket.id ? 2 : 1; ; number++) {
    const id = number === 1 ? stem : `${stem}-${number}`;
    const outcome = await navigator.locks.request(lockName(id), { ifAvailable: true }, async (lock) => {
      if (!lock || (await getFile(folder, `${id}.gguf`))) return undefined;
      try {
        return { value: await use(id) };
      } catch (error) {
        await removeFiles(folder, id);
        throw error;
      }
    });
    if (outcome) return outcome.value;
  }
}

/** Removes the halves that a closed browser left behind: no note, and nobody holds the lock of that id. */
export async function sweep(folder: FileSystemDirectoryHandle): Promise<void> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  for (const name of names) {
    const id = name.replace(/\.gguf.*$/, '');
    if (id === name) continue;
    await navigator.locks.request(lockName(id), { ifAvailable: true }, async (lock) => {
      if (!lock || (await readNote(folder, `${id}.json`))) return;
      await folder.removeEntry(name).catch(() => undefined);
    });
  }
}

function lockName(id: string): string {
  return `switchboard-model-${id}`;
}

/** The name as an id: lower case, safe in a file name and in an address. */
function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '')
    .slice(0, 60);
  return plain || 'model';
}
