import { listModels, type StoredModel } from '../../lib/engine/model-store.ts';
import { stream } from '../../lib/panel/background.ts';

/** Has the background download a model; its last word is the id. `share` is 0 to 1, absent where the server does not say. */
export async function download(
  url: string,
  report: (progress: { share?: number }) => void,
  signal: AbortSignal,
): Promise<StoredModel | undefined> {
  let added: string | undefined;
  for await (const parts of stream('engine.add', { url }, signal)) {
    for (const part of parts) {
      if (part.type === 'loading') report(part.progress === undefined ? {} : { share: part.progress });
      else if (part.type === 'end') added = part.model;
    }
  }
  return (await listModels()).find(({ id }) => id === added);
}
