import type { Chat } from '../chats/store.ts';
import type { Connection } from '../connections/connection.ts';
import { parseConnection } from '../connections/schema.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { attempt } from '../vault/attempts.ts';
import { type OpenedKeys, openKeys } from '../vault/portable-keys.ts';
import { bindingOf } from '../vault/vault.ts';
import { readChat } from './chats.ts';
import type { ImportChoice } from './import.ts';
import type { Plan } from './plan.ts';

/** What is sealed, where something of it is wanted. */
export async function openIfWanted({ backup }: Plan, { withKeys, withChats, passphrase }: ImportChoice): Promise<OpenedKeys | undefined> {
  const { keys, sealed } = backup;
  if (!keys || !(withKeys || (withChats && sealed?.chats))) return undefined;
  const opened = await attempt(() => openKeys(keys, passphrase ?? ''));
  if (opened) return opened;
  throw new SwitchboardError(
    'unauthorized',
    'This passphrase does not open the keys of the backup. Nothing was imported; try again, or import without the keys.',
  );
}

/** The connections to write, with the headers that were sealed for exactly where they go. */
export function withHeaders({ connections }: Plan, opened: OpenedKeys | undefined): { wanted: Connection[]; headers: number } {
  const stored = Array.isArray(opened?.more.headers) ? (opened.more.headers as Partial<Record<string, unknown>>[]) : [];
  let headers = 0;
  const wanted = connections.flatMap(({ kind, connection }) => {
    const own = stored.find(({ id, binding }) => id === connection.id && binding === bindingOf(connection));
    if (typeof own?.value !== 'string' || own.value === connection.config.headers) return kind === 'same' ? [] : [connection];
    headers += 1;
    return [parseConnection({ ...connection, config: { ...connection.config, headers: own.value } })];
  });
  return { wanted, headers };
}

/** The chats that were sealed and are not damaged. */
export function sealedChats(opened: OpenedKeys | undefined): Chat[] {
  const stored = Array.isArray(opened?.more.chats) ? (opened.more.chats as JsonObject[]) : [];
  return stored.flatMap((each) => readChat(each) ?? []);
}
