import type { Settings } from '../connections/schema.ts';
import { connectionsOf, settings } from '../connections/settings.ts';
import { lasting } from '../permissions/grant-items.ts';
import { requireFeature } from '../policy/require-feature.ts';
import type { JsonObject } from '../protocol/json.ts';
import { exportKeys } from '../vault/portable-keys.ts';
import { bindingOf } from '../vault/vault.ts';
import { type Backup, bad, format, maxBytes, tooLarge, version } from './backup.ts';
import { allChats } from './chats.ts';
import { currentPreferences } from './preferences.ts';

export interface ExportChoice {
  /** Also the keys, and whatever else is secret, under it. */
  passphrase?: string;
  withChats?: boolean;
}

/**
 * Everything worth keeping, as a file's text; `madeBy` is our own version. Without a passphrase no key is in it and no extra
 * header, and chats are readable.
 */
export async function makeBackup(madeBy: string, { passphrase, withChats = false }: ExportChoice = {}): Promise<string> {
  await requireFeature('backup');
  const [current, { grants }, preferences, chats] = await Promise.all([
    settings.fresh(),
    lasting.fresh(),
    currentPreferences(),
    withChats ? allChats() : [],
  ]);
  const { connections, defaults } = current;
  const backup: Backup = {
    format,
    version,
    madeBy,
    madeAt: new Date().toISOString(),
    connections: connections.map(withoutHeaders),
    ...(defaults && { defaults }),
    grants: grants as unknown as JsonObject[],
    preferences: preferences as unknown as JsonObject,
  };
  const text = JSON.stringify(
    { ...backup, ...(passphrase === undefined ? inClear(chats) : await sealed(passphrase, current, chats)) },
    null,
    2,
  );
  if (new TextEncoder().encode(text).length > maxBytes) throw bad(tooLarge);
  return text;
}

function inClear(chats: object[]): Partial<Backup> {
  return chats.length > 0 ? { chats: chats as JsonObject[] } : {};
}

async function sealed(passphrase: string, current: Settings, chats: object[]): Promise<Partial<Backup>> {
  const headers = connectionsOf(current).flatMap((connection) => {
    const { headers: value } = connection.config;
    return typeof value === 'string' && value !== '' ? [{ id: connection.id, binding: bindingOf(connection), value }] : [];
  });
  const { keys, count } = await exportKeys(passphrase, { headers, chats });
  return { keys, sealed: { keys: count, headers: headers.length, chats: chats.length } };
}

/** Headers that the user added may hold a token, and nobody can tell: they are sealed with the keys. The file says that there are some. */
function withoutHeaders(connection: JsonObject): JsonObject {
  const { config } = connection;
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return connection;
  const { headers, ...rest } = config;
  return { ...connection, config: rest, ...(Boolean(headers) && { hasHeaders: true }) };
}
