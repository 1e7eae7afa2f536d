/** Bytes as text, for the stores that keep JSON only. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  // All at once is more than a call takes; one by one is slow where a backup holds pictures.
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** Throws on what is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
