import { settings } from '../connections/settings.ts';
import { lasting } from '../permissions/grant-items.ts';
import { requireFeature } from '../policy/require-feature.ts';
import type { JsonObject } from '../protocol/json.ts';
import { exportKeys } from '../vault/portable-keys.ts';
import { type Backup, format, version } from './backup.ts';

/** Everything worth keeping, as a file's text; `madeBy` is our own version. With a passphrase the keys too, under it; without one, no key at all. */
export async function makeBackup(madeBy: string, passphrase?: string): Promise<string> {
  await requireFeature('backup');
  const [{ connections, defaults }, { grants }] = await Promise.all([settings.fresh(), lasting.fresh()]);
  const backup: Backup = {
    format,
    version,
    madeBy,
    madeAt: new Date().toISOString(),
    connections: connections.map(withoutHeaders),
    ...(defaults && { defaults }),
    grants: grants as unknown as JsonObject[],
    ...(passphrase !== undefined && { keys: await exportKeys(passphrase) }),
  };
  return JSON.stringify(backup, null, 2);
}

/** Headers that the user added may hold a token, and nobody can tell. */
function withoutHeaders(connection: JsonObject): JsonObject {
  const { config } = connection;
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return connection;
  const { headers: _, ...rest } = config;
  return { ...connection, config: rest };
}
