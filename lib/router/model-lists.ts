import type { Connection } from '../connections/connection.ts';
import { cachedModelList, cachedModels, rememberModels } from '../connections/model-cache.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { ModelInfo } from '../protocol/model.ts';
import type { Engines } from './engines.ts';
import { withPools } from './pool-lists.ts';

export interface ModelLists {
  /** What the backend lists now; remembered. Empty where it lists nothing. */
  refresh(connection: Connection, signal: AbortSignal): Promise<ModelInfo[]>;
  /** What it listed at most so long ago, a minute unless told. A backend that does not answer leaves the old list. */
  recent(connection: Connection, signal: AbortSignal, maxAgeMs?: number): Promise<ModelInfo[]>;
  /** What it listed last, at once, asked again behind the caller's back when old; asked first only where nothing is known. */
  known(connection: Connection, signal: AbortSignal): Promise<ModelInfo[]>;
  /** What it listed last, without asking anyone. */
  cached(connection: Connection): Promise<ModelInfo[]>;
  /** What is known of one model, without asking anyone. */
  info(connection: Connection, model: string): Promise<ModelInfo | undefined>;
}

const oldAfterMs = 60_000;
/** A list is short work; who asked for it waits. */
const patienceMs = 15_000;

export function createModelLists(engines: Engines, clock: () => number = Date.now): ModelLists {
  const asking = new Map<Connection, Promise<ModelInfo[]>>();

  async function ask(connection: Connection, signal: AbortSignal): Promise<ModelInfo[]> {
    const engine = await engines.open(connection);
    const late = AbortSignal.timeout(patienceMs);
    try {
      return await rememberModels(connection.id, (await engine.models?.(AbortSignal.any([signal, late]))) ?? []);
    } catch (thrown) {
      if (!late.aborted || signal.aborted) throw thrown;
      throw new SwitchboardError(
        'timeout',
        `"${connection.name}" did not list its models within ${patienceMs / 1000} seconds. Is its server busy?`,
      );
    }
  }

  async function refresh(connection: Connection, signal: AbortSignal): Promise<ModelInfo[]> {
    const asked = ask(connection, signal);
    asking.set(connection, asked);
    try {
      return await asked;
    } finally {
      if (asking.get(connection) === asked) asking.delete(connection);
    }
  }

  function isOld(at: number, maxAgeMs = oldAfterMs): boolean {
    return Math.abs(clock() - at) > maxAgeMs;
  }

  return withPools({
    refresh,
    async recent(connection, signal, maxAgeMs) {
      const list = await cachedModelList(connection.id);
      // Models inside the browser cost nothing to list, and change by our own doing.
      if (list && connection.backend !== 'ondevice' && !isOld(list.at, maxAgeMs)) return list.models;
      try {
        return await refresh(connection, signal);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        return list?.models ?? [];
      }
    },
    async known(connection, signal) {
      const list = await cachedModelList(connection.id);
      if (!list || list.models.length === 0) return await refresh(connection, signal);
      if (isOld(list.at) && !asking.has(connection)) refresh(connection, new AbortController().signal).catch(() => {});
      return list.models;
    },
    async cached(connection) {
      return (await cachedModels(connection.id)) ?? [];
    },
    async info(connection, model) {
      return (await cachedModels(connection.id))?.find(({ id }) => id === model);
    },
  });
}
