import type { Exchange } from './exchange.ts';
import type { Scenario } from './scenario.ts';
import type { Emulator } from './start-emulator.ts';

const open = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'access-control-allow-methods': '*' };

/**
 * Steers a running emulator from another process or from a page: `GET /__emulator` tells what it saw, `POST
 * /__emulator/scenario` sets the scenario, `POST /__emulator/next` adds scenarios for the coming answers (an array),
 * `POST /__emulator/reset` forgets. True when the request was one of these.
 */
export async function controlRoute(exchange: Exchange, emulator: Emulator): Promise<boolean> {
  const { method, path, body } = exchange.request;
  if (!path.startsWith('/__emulator')) return false;
  if (method === 'POST' && path === '/__emulator/scenario') emulator.scenario = exchange.body as Scenario;
  else if (method === 'POST' && path === '/__emulator/next' && Array.isArray(body)) emulator.next(...(body as Scenario[]));
  else if (method === 'POST' && path === '/__emulator/reset') emulator.reset();
  else if (method !== 'GET' && method !== 'OPTIONS') {
    exchange.json(404, { error: `No control route ${method} ${path}` }, open);
    return true;
  }
  const { requests, aborted, abortedAt, openConnections, activeRequests, faults, scenario } = emulator;
  exchange.json(200, { requests, aborted, abortedAt, openConnections, activeRequests, faults, scenario }, open);
  return true;
}
