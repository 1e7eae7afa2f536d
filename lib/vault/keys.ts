import type { Database } from '../storage/database.ts';
import { openKey } from './lock.ts';
import { currentKeyName, type VaultRows } from './rows.ts';
import { makeKey } from './seal.ts';

/** The key of that row, absent where there is none. Throws `locked` for one under a passphrase that was not entered. */
export async function keyNamed(database: Database<VaultRows>, name: string): Promise<CryptoKey | undefined> {
  const row = await database.get('keys', name);
  if (row?.kind === 'passphrase') return await openKey(name);
  return row?.kind === 'device' ? row.key : undefined;
}

/** The key of the next seal and its name; the first call makes it. For use inside `changingVault`. Throws `locked`. */
export async function sealingKey(database: Database<VaultRows>): Promise<{ name: string; key: CryptoKey }> {
  const name = await currentKeyName(database);
  const known = await keyNamed(database, name);
  if (known) return { name, key: known };
  const key = await makeKey();
  await database.write([{ store: 'keys', key: 'device', row: { v: 1, kind: 'device', key } }]);
  return { name: 'device', key };
}
