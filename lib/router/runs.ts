import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import { estimateText } from './estimate.ts';
import type { Run, Runs } from './router.ts';

/** A call at work, as the router holds it. */
export interface LiveRun {
  readonly run: Run;
  /** Aborts with the reason for which the run was stopped. */
  readonly signal: AbortSignal;
  /** What the popup shows has changed. */
  update(change: Partial<Run>): void;
  /** A batch of the answer passed by. */
  see(parts: Part[], characters: number): void;
  stop(reason: SwitchboardError): void;
  end(): void;
}

export interface RunBook extends Runs {
  start(run: Pick<Run, 'origin' | 'topOrigin' | 'isPrivate' | 'tabId' | 'connectionId' | 'model'>): LiveRun;
  live(): LiveRun[];
}

const quietMs = 100;

export function createRuns(): RunBook {
  const running = new Map<string, LiveRun>();
  const listeners = new Set<(runs: Run[]) => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function list(): Run[] {
    return Array.from(running.values(), ({ run }) => ({ ...run }));
  }

  /** The first change of a quiet time is told at once, those that follow together. */
  function changed(): void {
    if (listeners.size === 0 || timer !== undefined) return;
    tell();
    timer = setTimeout(() => {
      timer = undefined;
      if (isStale) changed();
    }, quietMs);
  }
  let isStale = false;

  function tell(): void {
    isStale = false;
    const runs = list();
    for (const listener of listeners) listener(runs);
  }

  function touch(): void {
    isStale = true;
    changed();
  }

  return {
    list,
    live: () => [...running.values()],
    start(about) {
      const controller = new AbortController();
      const run: Run = { ...about, id: crypto.randomUUID(), state: 'waiting', startedAt: Date.now(), outputTokens: 0 };
      const live: LiveRun = {
        run,
        signal: controller.signal,
        update(change) {
          Object.assign(run, change);
          touch();
        },
        see(parts, characters) {
          const last = parts.at(-1);
          if (last?.type === 'queued') setWaiting(run, { state: 'queued', position: last.position, etaSeconds: last.etaSeconds });
          else if (last?.type === 'loading') setWaiting(run, { state: 'loading', progress: last.progress });
          else if (last) setWaiting(run, { state: 'answering' });
          run.outputTokens = estimateText(characters);
          touch();
        },
        stop: (reason) => controller.abort(reason),
        end() {
          running.delete(run.id);
          touch();
        },
      };
      running.set(run.id, live);
      touch();
      return live;
    },
    stop(which) {
      for (const { run, stop } of running.values()) {
        if ('id' in which ? run.id === which.id : run.origin === which.origin)
          stop(new SwitchboardError('aborted', 'The user stopped the answer.'));
      }
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Replaces what the last waiting said, all of it. */
function setWaiting(
  run: Run,
  {
    state,
    position,
    etaSeconds,
    progress,
  }: { state: Run['state']; position?: number | undefined; etaSeconds?: number | undefined; progress?: number | undefined },
): void {
  run.state = state;
  assign(run, 'position', position);
  assign(run, 'etaSeconds', etaSeconds);
  assign(run, 'progress', progress);
}

function assign(run: Run, name: 'position' | 'etaSeconds' | 'progress', value: number | undefined): void {
  if (value === undefined) delete run[name];
  else run[name] = value;
}
