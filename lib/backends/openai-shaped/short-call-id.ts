/** An id of nine letters and digits, always the same for the same id: calls may have come from another model. */
export function shortCallId(id: string): string {
  if (/^[a-zA-Z0-9]{9}$/.test(id)) return id;
  // Two hashes of 32 bits, so that a conversation of thousands of calls has no two alike.
  return (hash(id, 0x811c9dc5).toString(36).padStart(7, '0') + hash(id, 0x9747b28c).toString(36).padStart(7, '0')).slice(3, 12);
}

/** FNV-1a. */
function hash(text: string, start: number): number {
  let value = start;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
