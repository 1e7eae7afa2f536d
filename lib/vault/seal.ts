/**
 * A secret at rest. `key` names the row of the key that sealed it, so that a passphrase can be put before the vault by
 * sealing everything again under a second key in one transaction. `aad` is what the secret is bound to, in clear:
 * opened for anything else, it does not open.
 */
export interface Envelope extends Sealed {
  v: 1;
  alg: 'AES-GCM';
  key: string;
  aad: string;
}

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  ct: Uint8Array<ArrayBuffer>;
}

/** A key that no script can read out, not even ours. */
export async function makeKey(): Promise<CryptoKey> {
  return await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** The same of 32 bytes that somebody else keeps. */
export async function keyOf(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

export async function seal(text: string, aad: string, key: CryptoKey, keyName: string): Promise<Envelope> {
  return { v: 1, alg: 'AES-GCM', key: keyName, ...(await sealBytes(bytes(text), aad, key)), aad };
}

/** Throws when a byte of it was changed, the key is another, or it was sealed for something else. */
export async function unseal(sealed: Sealed, aad: string, key: CryptoKey): Promise<string> {
  return new TextDecoder().decode(await unsealBytes(sealed, aad, key));
}

export async function sealBytes(content: Uint8Array<ArrayBuffer>, aad: string, key: CryptoKey): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bytes(aad) }, key, content);
  return { iv, ct: new Uint8Array(ct) };
}

export async function unsealBytes({ iv, ct }: Sealed, aad: string, key: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bytes(aad) }, key, ct));
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
