/**
 * A secret at rest. `key` names the row of the key that sealed it, so that a passphrase can be put before the vault by
 * sealing everything again under a second key in one transaction. `aad` is what the secret is bound to, in clear:
 * opened for anything else, it does not open.
 */
export interface Envelope {
  v: 1;
  alg: 'AES-GCM';
  key: string;
  iv: Uint8Array<ArrayBuffer>;
  ct: Uint8Array<ArrayBuffer>;
  aad: string;
}

/** A key that no script can read out, not even ours. */
export async function makeKey(): Promise<CryptoKey> {
  return await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

export async function seal(text: string, aad: string, key: CryptoKey, keyName: string): Promise<Envelope> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bytes(aad) }, key, bytes(text));
  return { v: 1, alg: 'AES-GCM', key: keyName, iv, ct: new Uint8Array(ct), aad };
}

/** Throws when a byte of it was changed, the key is another, or it was sealed for something else. */
export async function unseal({ iv, ct }: Envelope, aad: string, key: CryptoKey): Promise<string> {
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bytes(aad) }, key, ct);
  return new TextDecoder().decode(text);
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
