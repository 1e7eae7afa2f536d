import { type Database, openDatabase } from '../storage/database.ts';
import type { Passphrase } from './passphrase.ts';
import type { Envelope } from './seal.ts';

/** What the vault keeps in IndexedDB, which no content script can reach. */
export interface VaultRows {
  /** By name. `current` says which of the others seals; where it is absent, `device` does. */
  keys: { v: 1; kind: 'device'; key: CryptoKey } | Passphrase | { v: 1; kind: 'current'; name: string };
  /** By `connectionId/name`. */
  secrets: Envelope;
}

export const vaultDatabase: Database<VaultRows> = openDatabase<VaultRows>('switchboard-vault', ['keys', 'secrets']);

/** The name of the key that seals from now on. */
export async function currentKeyName(database: Database<VaultRows>): Promise<string> {
  const row = await database.get('keys', 'current');
  return row?.kind === 'current' ? row.name : 'device';
}

/** One change of the vault at a time, in whichever page: a secret must not be sealed by a key that is going away. */
export async function changingVault<Result>(change: () => Promise<Result>): Promise<Result> {
  return await navigator.locks.request('switchboard:vault-key', change);
}
