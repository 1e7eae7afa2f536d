import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Part } from '../../protocol/part.ts';
import type { Resources, Service } from '../backend.ts';
import { readSse } from '../sse.ts';

interface LoadEvent {
  /** `draft` and `vision` come first, each with its own `finished`. */
  model_type?: unknown;
  module?: unknown;
  modules?: unknown;
  status?: unknown;
  error?: { message?: unknown };
}

/** Loads a model and tells how far it is: modules done of all, for each phase. The stream just ends when all is done. */
export async function* loadModel(
  { http }: Resources,
  address: { url: string; headers: Record<string, string>; service: Service },
  body: JsonObject,
  signal: AbortSignal,
): AsyncGenerator<Part[], void> {
  const { host } = new URL(address.url);
  const response = await http.request(address.url, { headers: address.headers, json: body, signal, service: address.service });
  const reads = readSse(response, host);
  let isFinished = false;
  try {
    for await (const events of reads) {
      for (const event of events) {
        const step = parse(event.data);
        if (step.error) throw failed(host, step.error.message);
        const part = loadingPart(step);
        if (part) yield [part];
        isFinished ||= step.status === 'finished' && (step.model_type ?? 'model') === 'model';
      }
      if (isFinished) return;
    }
  } finally {
    await reads.return();
  }
  throw new SwitchboardError('interrupted', `${host} stopped telling how loading goes. Look at its window, or try again.`);
}

function loadingPart({ model_type: what, module, modules }: LoadEvent): Part | undefined {
  if (typeof module !== 'number' || typeof modules !== 'number' || modules <= 0) return undefined;
  return { type: 'loading', progress: Math.min(1, module / modules), ...(typeof what === 'string' && what !== 'model' && { what }) };
}

function failed(host: string, message: unknown): SwitchboardError {
  const words = typeof message === 'string' ? ` It says: "${message.replace(/\s+/g, ' ').slice(0, 300)}"` : '';
  return new SwitchboardError('backend-error', `${host} could not load the model. Is there enough memory?${words}`);
}

function parse(data: string): LoadEvent {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  return {};
}
