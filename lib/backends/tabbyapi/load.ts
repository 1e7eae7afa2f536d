import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Part } from '../../protocol/part.ts';
import type { Http } from '../backend.ts';
import { readSse } from '../sse.ts';
import { tabbyService } from './server.ts';

interface LoadEvent {
  /** `draft` and `vision` come first, each with its own `finished`. */
  model_type?: unknown;
  module?: unknown;
  modules?: unknown;
  status?: unknown;
  error?: { message?: unknown };
}

export interface LoadAsk {
  url: string;
  headers: Record<string, string>;
  body: JsonObject;
  /** Frees what a load that was left has taken: the server keeps it, and asks for this in its log. */
  release(): void;
}

/**
 * Loads a model and tells how far it is: modules done of all, for each phase. It is done when the stream ends: some
 * versions give up what a client leaves after the last step and before that.
 */
export async function* loadModel(http: Http, { url, headers, body, release }: LoadAsk, signal: AbortSignal): AsyncGenerator<Part[], void> {
  const { host } = new URL(url);
  const response = await http.request(url, { headers, json: body, signal, service: tabbyService });
  const reads = readSse(response, host);
  let isFinished = false;
  let isOver = false;
  try {
    for await (const events of reads) {
      const steps = events.map(({ data }) => parse(data));
      const parts = steps.flatMap(loadingParts);
      if (parts.length > 0) yield parts;
      for (const { error, status, model_type: type = 'model' } of steps) {
        isOver ||= error !== undefined;
        if (error && !/is already loaded/i.test(String(error.message))) throw failed(host, error.message);
        isFinished ||= error !== undefined || (status === 'finished' && type === 'model');
      }
    }
    isOver = true;
  } finally {
    await reads.return();
    if (!isOver) release();
  }
  if (isFinished) return;
  throw new SwitchboardError('interrupted', `${host} stopped telling how loading goes. Look at its window, or try again.`);
}

function loadingParts({ model_type: what, module, modules }: LoadEvent): Part[] {
  if (typeof module !== 'number' || typeof modules !== 'number' || modules <= 0) return [];
  return [{ type: 'loading', progress: Math.min(1, module / modules), ...(typeof what === 'string' && what !== 'model' && { what }) }];
}

function failed(host: string, message: unknown): SwitchboardError {
  const words = typeof message === 'string' ? ` It says: "${message.replace(/\s+/g, ' ').slice(0, 300)}"` : '';
  return new SwitchboardError('backend-error', `${host} could not load the model. Is there enough memory?${words}`);
}

function parse(data: string): LoadEvent {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // A line that is no step tells nothing.
  }
  return {};
}
