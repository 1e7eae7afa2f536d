// The store checks what it saves by the backends' own schemas.
import '../../lib/backends/all.ts';
import type { BackendId, Detected } from '../../lib/backends/backend.ts';
import type { ConnectionDraft } from '../../lib/connections/connection.ts';
import { rememberModels } from '../../lib/connections/model-cache.ts';
import { listConnections, saveConnection, setDefaults } from '../../lib/connections/store.ts';
import { pocket } from '../../lib/engine/stored-model.ts';
import { request } from '../../lib/panel/background.ts';
import { connectDemoModel } from '../../lib/panel/first-run.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { setSecret } from '../../lib/vault/vault.ts';

/** Makes what was found the active connection; returns its id. */
export async function connectDetected({ backend, baseUrl, config, models }: Detected, key?: string): Promise<string> {
  const id = await keep({ backend, config: { ...config, baseUrl } }, key);
  if (models.length > 0) await rememberModels(id, models);
  return id;
}

/** Tries a key with its service and keeps it if it works; otherwise says what is wrong. */
export async function connectKey(backend: BackendId, key: string): Promise<ErrorData | undefined> {
  const trimmed = key.trim();
  const result = await request('connections.test', { draft: { backend }, secrets: { key: trimmed } });
  if (!result.ok) return result.error;
  const id = await keep({ backend }, trimmed);
  if (result.models) await rememberModels(id, result.models);
  return undefined;
}

/** Makes a service that needs neither address nor key the active connection; returns its id. */
export async function connectBackend(backend: BackendId): Promise<string> {
  const known = (await listConnections()).find((connection) => connection.backend === backend);
  if (!known) return await keep({ backend }, undefined);
  await setDefaults({ connectionId: known.id });
  return known.id;
}

/** Makes a model of this browser the active one. */
export async function connectOnDevice(model: string): Promise<void> {
  if (model === pocket.id) {
    await connectDemoModel();
    return;
  }
  const own = (await listConnections()).find((connection) => connection.backend === 'ondevice' && connection.model !== pocket.id);
  const connectionId = own?.id ?? (await saveConnection({ backend: 'ondevice' }));
  await setDefaults({ connectionId, model });
}

/** Runs one of the above for a button; what went wrong, if anything. */
export async function trying(work: () => Promise<unknown>): Promise<ErrorData | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    return errorData(toSwitchboardError(thrown));
  }
}

async function keep(draft: ConnectionDraft, key: string | undefined): Promise<string> {
  const id = await saveConnection(draft);
  if (key) await setSecret(id, key);
  await setDefaults({ connectionId: id });
  return id;
}
