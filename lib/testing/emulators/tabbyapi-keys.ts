import type { Exchange } from '../kit/exchange.ts';
import type { TabbyOptions } from './tabbyapi.ts';

/** What a request may do: headers of its own win over `Authorization`, and the admin key is good for everything. */
export function tabbyPermission({ request }: Exchange, { apiKey, adminKey }: TabbyOptions): 'admin' | 'api' | undefined {
  if (apiKey === undefined && adminKey === undefined) return 'admin';
  const key = request.headers['x-admin-key'] ?? request.headers['x-api-key'] ?? bearer(request.headers.authorization);
  if (key !== undefined && key === adminKey) return 'admin';
  return key !== undefined && key === apiKey ? 'api' : undefined;
}

/** True when it has answered because the key is missing or wrong. */
export function refusesUser(exchange: Exchange, options: TabbyOptions): boolean {
  const { headers } = exchange.request;
  return refuses(exchange, options, headers['x-api-key'] ?? bearer(headers.authorization), [options.apiKey, options.adminKey], 'API');
}

/** The same for routes that change what is loaded. */
export function refusesAdmin(exchange: Exchange, options: TabbyOptions): boolean {
  const { headers } = exchange.request;
  return refuses(exchange, options, headers['x-admin-key'] ?? bearer(headers.authorization), [options.adminKey], 'admin');
}

function refuses(exchange: Exchange, options: TabbyOptions, key: string | undefined, good: (string | undefined)[], what: string): boolean {
  if (options.apiKey === undefined && options.adminKey === undefined) return false;
  if (key !== undefined && good.includes(key)) return false;
  const detail = key === undefined ? `Please provide an ${what} key` : `Invalid ${what} key`;
  exchange.json(401, { detail });
  return true;
}

function bearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : authorization.replace(/^Bearer /i, '');
}
