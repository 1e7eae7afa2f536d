import * as z from 'zod/mini';
import type { Connection } from '../connections/connection.ts';
import { lazy, parse } from '../protocol/parse.ts';
import type { Database } from '../storage/database.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { keyNamed, sealingKey } from './keys.ts';
import { checkPassphrase, openUnder, sealUnder } from './passphrase.ts';
import { type VaultRows, vaultDatabase } from './rows.ts';
import { type Envelope, seal, unseal } from './seal.ts';
import { cleanSecret } from './secret-value.ts';
import { bindingOf } from './vault.ts';

/** Keys in a backup: under a passphrase of their own, as JSON. */
export interface PortableKeys {
  kdf: { name: 'PBKDF2-SHA-256'; iterations: number; salt: string };
  iv: string;
  ct: string;
}

/** A secret with what it is good for: opened from a backup, it goes nowhere else. */
interface BoundSecret {
  /** `connectionId/name` */
  key: string;
  binding: string;
  value: string;
}

const purpose = 'switchboard-backup-keys';

/** Every key that can be opened, under the passphrase. Throws `locked`. In clear they never leave this function. */
export async function exportKeys(passphrase: string, database: Database<VaultRows> = vaultDatabase): Promise<PortableKeys> {
  checkPassphrase(passphrase);
  const secrets: BoundSecret[] = [];
  for (const [key, envelope] of await database.list('secrets')) {
    const by = await keyNamed(database, envelope.key);
    const value = by && (await unseal(envelope, envelope.aad, by).catch(() => undefined));
    if (value !== undefined) secrets.push({ key, binding: envelope.aad, value });
  }
  const { kdf, iv, ct } = await sealUnder(passphrase, new TextEncoder().encode(JSON.stringify(secrets)), purpose);
  return { kdf: { ...kdf, salt: toBase64(kdf.salt) }, iv: toBase64(iv), ct: toBase64(ct) };
}

/**
 * The keys of a backup, sealed by this vault for those of the connections they were entered for; undefined where the
 * passphrase does not open them. `dropped` counts keys whose connection is not among them or goes elsewhere now.
 */
export async function sealKeys(
  portable: PortableKeys,
  passphrase: string,
  connections: Connection[],
  database: Database<VaultRows> = vaultDatabase,
): Promise<{ sealed: [key: string, envelope: Envelope][]; dropped: number } | undefined> {
  const opened = await openUnder(passphrase, bytesOf(portable), purpose).catch(() => undefined);
  if (!opened) return undefined;
  const secrets = parse(secretsSchema, JSON.parse(new TextDecoder().decode(opened)), 'Keys');
  const by = await sealingKey(database);
  const bindings = new Map(connections.map((connection) => [connection.id, bindingOf(connection)]));
  const sealed: [string, Envelope][] = [];
  for (const { key, binding, value } of secrets) {
    const id = key.slice(0, key.lastIndexOf('/'));
    if (bindings.get(id) === binding) sealed.push([key, await seal(cleanSecret(value), binding, by.key, by.name)]);
  }
  return { sealed, dropped: secrets.length - sealed.length };
}

/** How keys look in a backup. */
export const portableKeysSchema = lazy(() => {
  const text = z.string().check(z.maxLength(4_000_000));
  const kdf = z.strictObject({ name: z.literal('PBKDF2-SHA-256'), iterations: z.int(), salt: text });
  return z.strictObject({ kdf, iv: text, ct: text });
});

const secretsSchema = lazy(() =>
  z.array(z.object({ key: z.string().check(z.regex(/^[^/]+\/[A-Za-z][\w-]{0,40}$/)), binding: z.string(), value: z.string() })),
);

function bytesOf({ kdf, iv, ct }: PortableKeys) {
  return { kdf: { ...kdf, salt: fromBase64(kdf.salt) }, iv: fromBase64(iv), ct: fromBase64(ct) };
}
