import { getBackend } from '../backends/registry.ts';
import type { Connection, ConnectionDraft } from '../connections/connection.ts';
import type { OriginRules } from '../connections/origin-rules.ts';
import { isPool, poolMembers } from '../connections/pool.ts';
import { parseConfig } from '../connections/schema.ts';
import { getConnection, listConnections } from '../connections/store.ts';
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
  /** Of a pool: each member that is there, in order. The pool works as long as one of them does. */
  members?: (TestResult & { connectionId: string })[];
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

  /** Each member once, however many of its models are in the pool. */
  async function pool(connection: Connection, signal: AbortSignal): Promise<TestResult> {
    const found = poolMembers(connection, await listConnections()).flatMap((member) => (member.connection ? [member.connectionId] : []));
    const tests = Array.from(new Set(found), async (connectionId) => ({ connectionId, ...(await tester.saved(connectionId, signal)) }));
    const members = await Promise.all(tests);
    const working = members.filter(({ ok }) => ok);
    if (working.length > 0) {
      const latencyMs = Math.min(...working.map((member) => member.latencyMs));
      return { ok: true, latencyMs, models: await lists.cached(connection), members };
    }
    const error = members[0]?.error ?? {
      code: 'not-configured' as const,
      message: `The pool "${connection.name}" has no connection left. Open it and add one.`,
    };
    return { ok: false, latencyMs: 0, error, members };
  }

  const tester: ConnectionTester = {
    async saved(connectionId, signal) {
      const connection = await getConnection(connectionId);
      if (!connection) throw new SwitchboardError('bad-request', `There is no connection "${connectionId.slice(0, 80)}".`);
      if (isPool(connection)) return await pool(connection, signal);
      const engine = await engines.open(connection).catch(toSwitchboardError);
      if (engine instanceof SwitchboardError) return { ok: false, error: errorData(engine), latencyMs: 0 };
      const list = engine.models ? (stop: AbortSignal) => lists.refresh(connection, stop) : async () => undefined;
      return await attempt(connection, signal, list, engine.test && ((stop) => engine.test?.(stop) ?? Promise.resolve()));
    },

    async draft(draft, secrets, signal) {
      const backend = getBackend(draft.backend);
      const config = parseConfig(draft.backend, { ...backend.preset, ...draft.config } as Connection['config']);
      if (draft.backend === 'pool') {
        const [id, name] = [draft.id ?? '', draft.name ?? backend.label];
        return await pool({ id, name, backend: 'pool', config, revision: 0, createdAt: 0 }, signal);
      }
      const typed = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, cleanSecret(value)]));
      const kept = draft.id === undefined ? {} : await savedSecrets({ ...draft, config });
      const engine = engines.openDraft({ backend: draft.backend, config }, { ...kept, ...typed });
      return await attempt({ backend: draft.backend, config }, signal, async (stop) => engine.models?.(stop), engine.test?.bind(engine));
    },
  };
  return tester;
}

/** Of the connection being edited, as long as it still goes to the same place. */
async function savedSecrets(draft: ConnectionDraft & Pick<Connection, 'config'>): Promise<Record<string, string>> {
  const current = draft.id === undefined ? undefined : await getConnection(draft.id);
  if (!current) return {};
  return await readSecrets({ ...current, backend: draft.backend, config: draft.config }).catch(() => ({}));
}
