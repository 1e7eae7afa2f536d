/** The data of a file as a `data:` URL. Undefined for an address: pages fetch for themselves. */
export function toDataUrl(data: Uint8Array | string | URL, mediaType: string): string | undefined {
  if (data instanceof Uint8Array) return `data:${mediaType};base64,${toBase64(data)}`;
  const text = String(data);
  if (/^data:/i.test(text)) return text;
  return data instanceof URL || /^[a-z][a-z\d+.-]*:/i.test(text) ? undefined : `data:${mediaType};base64,${text}`;
}

/** In slices, because each byte is an argument. */
function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}
