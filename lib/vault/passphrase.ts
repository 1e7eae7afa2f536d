import { SwitchboardError } from '../protocol/errors.ts';
import { type Sealed, sealBytes, unsealBytes } from './seal.ts';

/** How a passphrase becomes a key; stored beside what that key seals, and sealed in with it. */
export interface Kdf {
  name: 'PBKDF2-SHA-256';
  iterations: number;
  salt: Uint8Array<ArrayBuffer>;
}

/** A data key under a passphrase. */
export interface Passphrase extends Sealed {
  v: 1;
  kind: 'passphrase';
  kdf: Kdf;
}

/** OWASP's floor for PBKDF2 with SHA-256. What asks for less was tampered with. */
export const leastIterations = 600_000;
/** What we make: 0.3 to 1.5 s on an ordinary computer. */
const iterations = 900_000;
/** More would be a way to hang the page. */
const mostIterations = 10_000_000;
const leastLength = 8;

/** Seals bytes under a passphrase; `what` they are is sealed in, so that one cannot be passed off as another. */
export async function sealUnder(passphrase: string, content: Uint8Array<ArrayBuffer>, what: string): Promise<{ kdf: Kdf } & Sealed> {
  const kdf: Kdf = { name: 'PBKDF2-SHA-256', iterations, salt: crypto.getRandomValues(new Uint8Array(32)) };
  return { kdf, ...(await sealBytes(content, bound(what, kdf), await derive(passphrase, kdf))) };
}

/** Undefined for a wrong passphrase, for damage, and for parameters that nobody of ours wrote: nobody can tell them apart. */
export async function openUnder(
  passphrase: string,
  { kdf, iv, ct }: { kdf: Kdf } & Sealed,
  what: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const isOurs = kdf?.name === 'PBKDF2-SHA-256' && kdf.iterations >= leastIterations && kdf.iterations <= mostIterations;
  const isWhole = isOurs && kdf.salt?.length >= 16 && iv?.length === 12;
  // The same work either way.
  const used: Kdf = isWhole ? kdf : { name: 'PBKDF2-SHA-256', iterations, salt: new Uint8Array(32) };
  const key = await derive(passphrase, used);
  if (!isWhole) return undefined;
  return await unsealBytes({ iv, ct }, bound(what, kdf), key).catch(() => undefined);
}

/** Throws `bad-request` for what protects nothing. */
export function checkPassphrase(passphrase: string): void {
  if (passphrase.length >= leastLength) return;
  throw new SwitchboardError(
    'bad-request',
    `A passphrase has at least ${leastLength} characters. Four or five words are easy to remember.`,
  );
}

async function derive(passphrase: string, { iterations: times, salt }: Kdf): Promise<CryptoKey> {
  // Keyboards write the same letters in different ways.
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(passphrase.normalize('NFKC')), 'PBKDF2', false, [
    'deriveKey',
  ]);
  return await crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', iterations: times, salt },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

function bound(what: string, { name, iterations: times, salt }: Kdf): string {
  return `${what}|1|${name}|${times}|${Array.from(salt).join()}`;
}
