import { getBackend } from '../backends/registry.ts';
import type { Connection, ConnectionDraft } from '../connections/connection.ts';
import type { OriginRules } from '../connections/origin-rules.ts';
import { parseConfig } from '../connections/schema.ts';
import { getConnection } from '../connections/store.ts';
import { type ErrorData, errorData, SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import type { ModelInfo } from '../protocol/model.ts';
import { cleanSecret } from '../vault/secret-value.ts';
import { readSecrets } from '../vault/vault.ts';
import type { Engines } from './engines.ts';
import type { ModelLists } from './model-lists.ts';

/** Whether a connection works, and what is wrong with it otherwise. */
export interface TestResult {
  ok: boolean;
  error?: ErrorData;
  models?: ModelInfo[];
  latencyMs: number;
}

export interface ConnectionTester {
  /** Tries what is saved; its models are remembered. Never throws: what is wrong is in the result. */
  saved(connectionId: string, signal: AbortSignal): Promise<TestResult>;
  /** Tries what a form holds, with the secrets typed there; those saved before serve where the service is the same. */
  draft(draft: ConnectionDraft, secrets: Record<string, string>, signal: AbortSignal): Promise<TestResult>;
}

/** Somebody looks at the button. A model that loads takes longer, and says so with its own error. */
const patienceMs = 60_000;

export function createConnectionTester(engines: Engines, lists: ModelLists, originRules: OriginRules): ConnectionTester {
  async function attempt(
    connection: Pick<Connection, 'backend' | 'config'>,
    signal: AbortSignal,
    listModels: (signal: AbortSignal) => Promise<TestResult['models']>,
    prove?: (signal: AbortSignal) => Promise<void>,
  ): Promise<TestResult> {
    const started = performance.now();
    const latency = () => Math.round(performance.now() - started);
    const late = AbortSignal.timeout(patienceMs);
    const both = AbortSignal.any([signal, late]);
    try {
      return await originRules.during(getBackend(connection.backend).hosts(connection.config), async () => {
        await prove?.(both);
        const proved = prove && latency();
        const models = await listModels(both);
        const latencyMs = proved ?? latency();
        if (models?.length === 0)
          throw new SwitchboardError('model-not-found', 'It answers, but it has no model. Load or download one there first.');
        return { ok: true, latencyMs, ...(models && { models }) };
      });
    } catch (thrown) {
      const error = late.aborted
        ? new SwitchboardError('timeout', 'It did not answer within a minute. Is it loading a model? Try again.')
        : toSwitchboardError(thrown);
      return { ok: false, error: errorData(error), latencyMs: latency() };
    }
  }

  return {
    async saved(connectionId, signal) {
      const connection = await getConnection(connectionId);
      if (!connection) throw new SwitchboardError('bad-request', `There is no connection "${connectionId.slice(0, 80)}".`);
      const engine = await engines.open(connection).catch(toSwitchboardError);
      if (engine instanceof SwitchboardError) return { ok: false, error: errorData(engine), latencyMs: 0 };
      const list = engine.models ? (stop: AbortSignal) => lists.refresh(connection, stop) : async () => undefined;
      return await attempt(connection, signal, list, engine.test && ((stop) => engine.test?.(stop) ?? Promise.resolve()));
    },

    async draft(draft, secrets, signal) {
      const backend = getBackend(draft.backend);
      const config = parseConfig(draft.backend, { ...backend.preset, ...draft.config } as Connection['config']);
      const typed = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, cleanSecret(value)]));
      const kept = draft.id === undefined ? {} : await savedSecrets({ ...draft, config });
      const engine = engines.openDraft({ backend: draft.backend, config }, { ...kept, ...typed });
      return await attempt({ backend: draft.backend, config }, signal, async (stop) => engine.models?.(stop), engine.test?.bind(engine));
    },
  };
}

/** Of the connection being edited, as long as it still goes to the same place. */
async function savedSecrets(draft: ConnectionDraft & Pick<Connection, 'config'>): Promise<Record<string, string>> {
  const current = draft.id === undefined ? undefined : await getConnection(draft.id);
  if (!current) return {};
  return await readSecrets({ ...current, backend: draft.backend, config: draft.config }).catch(() => ({}));
}
