import type { Part } from '../protocol/part.ts';
import type { AddModel } from './add-model.ts';
import { createPartChannel } from './part-channel.ts';

export interface ModelAddress {
  url: string;
  name?: string;
}

/** Adds a model from an address and tells how far it is: `loading` parts, then an `end` that names the new model. */
export async function* addParts(addModel: AddModel, { url, name }: ModelAddress, signal: AbortSignal): AsyncGenerator<Part[]> {
  const channel = createPartChannel();
  const left = new AbortController();
  const adding = addModel(
    url,
    name,
    ({ bytes, totalBytes }) => channel.push([{ type: 'loading', bytes, ...(totalBytes && { progress: bytes / totalBytes, totalBytes }) }]),
    AbortSignal.any([signal, left.signal]),
  )
    .then(({ id }) => {
      channel.push([{ type: 'end', reason: 'stop', model: id }]);
      channel.close();
    })
    .catch(channel.fail);
  try {
    // A fast download makes more pieces than anyone wants to be told of.
    for await (const parts of channel) yield parts.slice(-1);
  } finally {
    left.abort();
    await adding;
  }
}
