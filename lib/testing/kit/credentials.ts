import type { Exchange, RecordedRequest } from './exchange.ts';

/** The key a request brought, in whichever header; empty where it brought none. */
export function credentialsOf(request: RecordedRequest): string {
  const { authorization = '', 'x-api-key': apiKey = '', 'x-admin-key': adminKey = '' } = request.headers;
  return authorization.replace(/^Bearer /i, '') || apiKey || adminKey;
}

/** True when the server wants no key or the request brought the right one as `Authorization: Bearer`. */
export function hasBearer(exchange: Exchange, apiKey: string | undefined): boolean {
  return apiKey === undefined || exchange.request.headers.authorization === `Bearer ${apiKey}`;
}

/** The error body with the credentials in its texts, as careless servers write it. */
export function repeatSecret(body: unknown, secret: string): unknown {
  if (typeof body === 'string') return `${body} (received key: ${secret})`;
  if (Array.isArray(body)) return body.map((item) => repeatSecret(item, secret));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, isSpoken(key) || typeof value === 'object' ? repeatSecret(value, secret) : value]),
  );
}

function isSpoken(key: string): boolean {
  return ['message', 'error', 'detail', 'msg', 'raw'].includes(key);
}
