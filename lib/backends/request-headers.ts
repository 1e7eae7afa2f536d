import { SwitchboardError } from '../protocol/errors.ts';

/**
 * The headers of a request, checked: a value that `fetch` would refuse with a bare TypeError is told in words, and a key
 * never leaves for the internet unencrypted.
 */
export function requestHeaders(given: Record<string, string> | undefined, url: URL, secrets: string[], isCompany: boolean): Headers {
  const headers = new Headers();
  for (const [name, raw] of Object.entries(given ?? {})) {
    const value = raw.trim();
    const isSecret = secretNames.has(name.toLowerCase()) || secrets.some((secret) => secret !== '' && value.includes(secret.trim()));
    if (!isSendable(value)) {
      if (isSecret)
        throw new SwitchboardError('unauthorized', 'The key contains a line break or a character that cannot be sent. Paste it again.');
      throw new SwitchboardError(
        'bad-request',
        `The value of the header ${name} contains a line break or a character that cannot be sent.`,
      );
    }
    if (isSecret && value.length > longestKey) throw new SwitchboardError('unauthorized', 'The key is too long to be one. Paste it again.');
    if (isSecret && isCompany && url.protocol === 'http:')
      throw new SwitchboardError(
        'unauthorized',
        `A key is not sent to ${url.host} over http://, where anyone on the way can read it. Use https://.`,
      );
    headers.set(name, value);
  }
  return headers;
}

/** True if the headers carry a key of any kind. */
export function carriesKey(headers: Headers): boolean {
  return [...secretNames].some((name) => headers.has(name));
}

/**
 * Headers a user may not set by hand: the browser's own, those that change who is asked or how, and those that belong to
 * the key field.
 */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    reserved.has(lower) ||
    /^(proxy-|sec-|access-control-|x-http-method|x-method-override)/.test(lower) ||
    !/^[\w!#$%&'*+.^`|~-]+$/.test(name)
  );
}

const secretNames = new Set(['authorization', 'x-api-key', 'api-key', 'x-admin-key', 'x-goog-api-key', 'apikey']);

const reserved = new Set([
  ...[
    'authorization',
    'content-type',
    'content-length',
    'host',
    'origin',
    'referer',
    'cookie',
    'cookie2',
    'set-cookie',
    'user-agent',
    'accept',
  ],
  ...[
    'connection',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'expect',
    'via',
    'date',
    'dnt',
    'accept-encoding',
    'accept-charset',
  ],
]);

const longestKey = 8192;

/** Latin-1 without control characters, which is what `Headers` and servers both take. */
function isSendable(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if ((code < 32 && code !== 9) || code === 127 || code > 255) return false;
  }
  return true;
}
