/**
 * Seconds a server asks to wait, from `retry-after-ms` and `Retry-After` (seconds or an HTTP date), never negative.
 * Everything else is undefined: `Number` and `Date.parse` make numbers of `1e9`, `0x10`, `-5` and the empty string.
 */
export function retryAfterSeconds(headers: Headers, now = Date.now()): number | undefined {
  const milliseconds = plainNumber(headers.get('retry-after-ms'));
  if (milliseconds !== undefined) return milliseconds / 1000;
  const value = headers.get('retry-after');
  const seconds = plainNumber(value);
  if (seconds !== undefined) return seconds;
  return value !== null && httpDate.test(value) ? Math.max(0, (Date.parse(value) - now) / 1000) : undefined;
}

function plainNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
