import { errorData, SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import { type Journal, sessionJournal } from './journal.ts';
import type { ModelWork, WorkKind } from './model-work.ts';

/** Loading and getting models, on the user's servers and in this browser. It belongs to the background: closing the page changes nothing. */
export interface ModelWorker {
  /** Begins, unless the same is under way. Throws `not-supported` where the server cannot. */
  start(kind: WorkKind, connectionId: string, model: string): Promise<void>;
  /** Stops it if it runs, forgets it if it failed. */
  stop(connectionId: string, model: string): void;
  /** Every work now and after each change; returns its undo. */
  watch(listener: (all: ModelWork[]) => void): () => void;
}

export interface WorkerDeps {
  /** Throws `not-supported` where whoever would do it cannot. */
  begin(kind: WorkKind, connectionId: string, model: string, signal: AbortSignal): Promise<AsyncIterable<Part[]>>;
  /** The server's list is another one now. */
  changed(connectionId: string): Promise<unknown>;
  /** Keeps the background alive meanwhile; returns its undo. */
  hold(): () => void;
  journal?: Journal;
}

/** A server may tell of every megabyte; eyes need less. */
const quietMs = 100;

export function createModelWorker({ begin, changed, hold, journal = sessionJournal }: WorkerDeps): ModelWorker {
  const works = new Map<string, { work: ModelWork; controller: AbortController }>();
  const listeners = new Set<(all: ModelWork[]) => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const told = tellCutOff().catch(() => {});

  /** What was running when the last background died has failed, in words. */
  async function tellCutOff(): Promise<void> {
    for (const work of await journal.read()) {
      const key = keyOf(work.connectionId, work.model);
      if (!works.has(key)) works.set(key, { work: { ...work, state: 'failed', error: cutOff }, controller: new AbortController() });
    }
    if (works.size > 0) tell();
  }

  /** Should it not be written, the next background does not tell of it. */
  function record(): void {
    const running = () => list().filter(({ state }) => state === 'running');
    void told.then(() => journal.keep(running())).catch(() => {});
  }

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    const all = list();
    for (const listener of listeners) listener(all);
  }

  function list(): ModelWork[] {
    return Array.from(works.values(), ({ work }) => ({ ...work }));
  }

  async function run(key: string, work: ModelWork, parts: AsyncIterable<Part[]>, signal: AbortSignal): Promise<void> {
    const release = hold();
    try {
      for await (const batch of parts) {
        const latest = batch.findLast((part) => part.type === 'loading');
        if (latest) work.said = latest;
        timer ??= setTimeout(tell, quietMs);
      }
      works.delete(key);
    } catch (thrown) {
      if (signal.aborted) works.delete(key);
      else Object.assign(work, { state: 'failed', error: errorData(toSwitchboardError(thrown)) });
    }
    // Before the end is told: whoever looks at the list then sees what became of it.
    await changed(work.connectionId).catch(() => {});
    release();
    record();
    tell();
  }

  return {
    async start(kind, connectionId, model) {
      const key = keyOf(connectionId, model);
      if (works.get(key)?.work.state === 'running') return;
      const controller = new AbortController();
      const work: ModelWork = { connectionId, model, kind, state: 'running', startedAt: Date.now() };
      works.set(key, { work, controller });
      try {
        const parts = await begin(kind, connectionId, model, controller.signal);
        record();
        tell();
        void run(key, work, parts, controller.signal);
      } catch (thrown) {
        works.delete(key);
        throw thrown;
      }
    },

    stop(connectionId, model) {
      const key = keyOf(connectionId, model);
      const known = works.get(key);
      known?.controller.abort(new SwitchboardError('aborted', 'The user stopped it.'));
      if (known?.work.state !== 'failed') return;
      works.delete(key);
      record();
      tell();
    },

    watch(listener) {
      listeners.add(listener);
      listener(list());
      return () => void listeners.delete(listener);
    },
  };
}

const cutOff = errorData(
  new SwitchboardError('interrupted', 'The browser ended Switchboard’s background before this was done. Try again.'),
);

function keyOf(connectionId: string, model: string): string {
  return JSON.stringify([connectionId, model]);
}
