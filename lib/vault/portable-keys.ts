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

/** What is secret in a backup: under a passphrase of its own, as JSON. */
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

/** What was sealed. `more` is whatever else the backup had to keep from others; nothing of it was read yet. */
export interface OpenedKeys {
  secrets: BoundSecret[];
  more: Record<string, unknown>;
}

const purpose = 'switchboard-backup-keys';

/** Every key that can be opened, and `more`, under the passphrase. Throws `locked`. In clear the keys never leave this function. */
export async function exportKeys(
  passphrase: string,
  more: Record<string, unknown> = {},
  database: Database<VaultRows> = vaultDatabase,
): Promise<{ keys: PortableKeys; count: number }> {
  checkPassphrase(passphrase);
  const secrets: BoundSecret[] = [];
  for (const [key, envelope] of await database.list('secrets')) {
    const by = await keyNamed(database, envelope.key);
    const value = by && (await unseal(envelope, envelope.aad, by).catch(() => undefined));
    if (value !== undefined) secrets.push({ key, binding: envelope.aad, value });
  }
  const { kdf, iv, ct } = await sealUnder(passphrase, new TextEncoder().encode(JSON.stringify({ ...more, secrets })), purpose);
  const keys: PortableKeys = { kdf: { ...kdf, salt: toBase64(kdf.salt) }, iv: toBase64(iv), ct: toBase64(ct) };
  return { keys, count: secrets.length };
}

/** Undefined where the passphrase does not open it. */
export async function openKeys(portable: PortableKeys, passphrase: string): Promise<OpenedKeys | undefined> {
  const opened = await openUnder(passphrase, bytesOf(portable), purpose).catch(() => undefined);
  if (!opened) return undefined;
  const content: unknown = JSON.parse(new TextDecoder().decode(opened));
  // The first version held the keys alone.
  const { secrets, ...more } = Array.isArray(content) ? { secrets: content } : (content as Record<string, unknown>);
  return { secrets: parse(secretsSchema, secrets, 'Keys'), more };
}

/**
 * The keys of a backup, sealed by this vault for those of the connections they were entered for. `dropped` counts keys
 * whose connection is not among them or goes elsewhere now.
 */
export async function sealKeys(
  { secrets }: OpenedKeys,
  connections: Connection[],
  database: Database<VaultRows> = vaultDatabase,
): Promise<{ sealed: [key: string, envelope: Envelope][]; dropped: number }> {
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
  const text = z.string().check(z.maxLength(100_000_000));
  const kdf = z.strictObject({ name: z.literal('PBKDF2-SHA-256'), iterations: z.int(), salt: text });
  return z.strictObject({ kdf, iv: text, ct: text });
});

const secretsSchema = lazy(() =>
  z.array(z.object({ key: z.string().check(z.regex(/^[^/]+\/[A-Za-z][\w-]{0,40}$/)), binding: z.string(), value: z.string() })),
);

function bytesOf({ kdf, iv, ct }: PortableKeys) {
  return { kdf: { ...kdf, salt: fromBase64(kdf.salt) }, iv: fromBase64(iv), ct: fromBase64(ct) };
}
