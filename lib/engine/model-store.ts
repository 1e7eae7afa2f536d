import { SwitchboardError } from '../protocol/errors.ts';
import { announceChange, channelName, getFile, modelDirectory, readNote, removeFiles } from './model-files.ts';
import { pocket, pocketUrl, type StoredModel } from './stored-model.ts';

export { addModel } from './add-model.ts';
export type { AddProgress } from './download.ts';
export type { StoredModel };

/** The GGUF models of this browser, in the origin's private file system: they stay when the browser closes. */
export interface ModelStore {
  /** Pocket first, then the user's own, oldest first. */
  listModels(): Promise<StoredModel[]>;
  removeModel(id: string): Promise<void>;
  /** The file of a model; throws `model-not-found`. */
  openModel(id: string): Promise<Blob>;
  /** Called when any page or the background added or removed a model; returns its undo. */
  watchModels(listener: () => void): () => void;
}

export function createModelStore({ directory = modelDirectory } = {}): ModelStore {
  return {
    async listModels() {
      // A browser that keeps no files still has the model in the package.
      const folder = await directory().catch(() => undefined);
      const models: StoredModel[] = [];
      for await (const name of folder?.keys() ?? []) {
        const model = folder && name.endsWith('.json') ? await readNote(folder, name) : undefined;
        if (model) models.push(model);
      }
      return [pocket, ...models.sort((a, b) => a.addedAt - b.addedAt)];
    },
    async removeModel(id) {
      if (id === pocket.id)
        throw new SwitchboardError('bad-request', 'Pocket is part of Switchboard and takes 1.7 MB; it cannot be removed.');
      await removeFiles(await directory(), id);
      announceChange();
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
export const { listModels, removeModel, openModel, watchModels } = /* @__PURE__ */ createModelStore();
