import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Part } from '../../protocol/part.ts';
import type { Ask } from '../ask.ts';
import { aborted, sleep } from '../sleep.ts';
import type { HordeStatus } from './api.ts';

/** Milliseconds between looks at a job, and how many looks may fail or find no worker before it is given up. */
export interface HordePace {
  waitMs(status: HordeStatus | undefined): number;
  /** After a look that failed. */
  troubleMs: number;
  patience: number;
}

/** Well within the service's 60 looks a minute, rarer while the queue is long. */
export const politePace: HordePace = {
  waitMs: (status) => ((status?.wait_time ?? 0) > 30 ? 4000 : status ? 2000 : 1000),
  troubleMs: 5000,
  patience: 3,
};

export interface HordeJob {
  ask: Ask;
  /** Address of the API, without a slash at its end. */
  api: string;
  headers: Record<string, string>;
  body: JsonObject;
  pace: HordePace;
}

/**
 * Submits a request and looks at it until it is done: first its place in the queue, whenever that changes, and last
 * what `answer` makes of the finished text. When the caller stops, the job is cancelled and what had come is yielded.
 */
export async function* runJob(job: HordeJob, signal: AbortSignal, answer: (status: HordeStatus) => Part[]): AsyncGenerator<Part[], void> {
  const id = await submit(job, signal);
  let isOver = false;
  try {
    yield [{ type: 'queued' }];
    for await (const status of looks(job, id, signal)) {
      isOver = Boolean(status.done || status.faulted);
      if (status.faulted) throw failed('The worker gave this request up');
      if (status.done) yield answer(status);
      else yield [queuedPart(status)];
    }
  } catch (error) {
    if (isOver || !signal.aborted) throw error;
    isOver = true;
    const status = await cancel(job, id);
    if (status?.generations?.length) yield answer(status).filter((part) => part.type !== 'end');
    throw error;
  } finally {
    if (!isOver) await cancel(job, id);
  }
}

/** The id of the job. A caller who stops meanwhile does not wait; the job is cancelled as soon as its id is known. */
async function submit(job: HordeJob, signal: AbortSignal): Promise<string> {
  if (signal.aborted) throw aborted();
  const { ask, api, headers, body } = job;
  const sent = ask.json<{ id?: string; message?: string }>(`${api}/generate/text/async`, {
    headers,
    json: body,
    signal: AbortSignal.timeout(submitMs),
  });
  const stopped = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(aborted()), { once: true }));
  const { id, message } = await Promise.race([sent, stopped]).catch((error: unknown) => {
    if (signal.aborted) void sent.then((late) => (late.id ? cancel(job, late.id) : undefined)).catch(() => undefined);
    throw error;
  });
  if (!id) throw ask.failure(`${api}/generate/text/async`, { message: message ?? 'It did not take the request.' });
  return id;
}

const submitMs = 60_000;

/** The states of a job that differ from the one before, the last one done or faulted. */
async function* looks({ ask, api, headers, pace }: HordeJob, id: string, signal: AbortSignal): AsyncGenerator<HordeStatus, void> {
  const url = `${api}/generate/text/status/${encodeURIComponent(id)}`;
  let last: HordeStatus | undefined;
  let troubles = 0;
  let impossible = 0;
  let wait = pace.waitMs(undefined);
  while (true) {
    await sleep(wait, signal);
    const status = await ask.json<HordeStatus>(url, { headers, signal }).catch((error: unknown) => {
      troubles += 1;
      if (!(error instanceof SwitchboardError) || !passing.has(error.code) || troubles > pace.patience) throw error;
      wait = Math.max(pace.troubleMs, (error.retryAfterSeconds ?? 0) * 1000);
      return undefined;
    });
    if (!status) continue;
    troubles = 0;
    wait = pace.waitMs(status);
    // Workers come and go, so one look without any is no reason yet.
    impossible = status.is_possible === false && !status.done ? impossible + 1 : 0;
    if (impossible >= pace.patience) throw failed('No worker can take this request now', 'overloaded');
    if (status.done || status.faulted || status.queue_position !== last?.queue_position || status.wait_time !== last?.wait_time)
      yield status;
    if (status.done || status.faulted) return;
    last = status;
  }
}

/** Troubles of one look that say nothing about the job. */
const passing = new Set(['rate-limited', 'unreachable', 'timeout', 'interrupted', 'overloaded', 'backend-error', 'bad-response']);

/** Ends the job at the service, so that no worker spends time on it; answers with its state and what was finished. */
async function cancel({ ask, api, headers }: HordeJob, id: string): Promise<HordeStatus | undefined> {
  const url = `${api}/generate/text/status/${encodeURIComponent(id)}`;
  return ask.json<HordeStatus>(url, { method: 'DELETE', headers, signal: AbortSignal.timeout(cancelMs) }).catch(() => undefined);
}

const cancelMs = 5000;

function queuedPart({ queue_position: position, wait_time: etaSeconds }: HordeStatus): Part {
  return { type: 'queued', ...(position !== undefined && { position }), ...(etaSeconds !== undefined && { etaSeconds }) };
}

function failed(what: string, code: 'backend-error' | 'overloaded' = 'backend-error'): SwitchboardError {
  return new SwitchboardError(code, `${what}. Try again, ask for a shorter answer, or choose another model.`);
}
