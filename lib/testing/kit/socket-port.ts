import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { JsonObject } from '../../protocol/json.ts';
import { asObject, type RecordedRequest } from './exchange.ts';
import type { Scenario } from './scenario.ts';
import { now } from './wait.ts';
import { acceptSocket, type ServerSocket } from './web-socket.ts';

/** One message of a client over a WebSocket, which asks for an answer. */
export interface SocketExchange {
  request: RecordedRequest;
  scenario: Scenario;
  body: JsonObject;
  socket: ServerSocket;
}

export type SocketHandler = (exchange: SocketExchange) => Promise<void>;

interface Hooks {
  scenario(): Scenario;
  /** Notes the request; what it returns is called when it is over. */
  record(request: RecordedRequest): () => void;
}

/** A port for WebSockets alone, as servers have it whose HTTP runs elsewhere. Unknown paths are closed. */
export async function openSocketPort(host: string, handlers: Record<string, SocketHandler>, { scenario, record }: Hooks) {
  const open = new Set<Duplex>();
  const server = createServer((_request, response) => response.writeHead(426).end());
  server.on('upgrade', (incoming, raw: Duplex) => {
    open.add(raw);
    raw.once('close', () => open.delete(raw));
    const path = incoming.url ?? '/';
    const handler = handlers[path];
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const socket = acceptSocket(incoming, raw, async (text) => {
      if (!handler) return;
      const request: RecordedRequest = {
        ...{ method: 'SOCKET', path, query: '', headers, text, body: parse(text), at: now() },
        ...{ wantsAnswer: true, tokensSent: 0, outcome: 'open' },
      };
      const isOver = record(request);
      await handler({ request, scenario: scenario(), body: asObject(request.body), socket });
      if (request.outcome === 'open') request.outcome = socket.gone.aborted ? 'aborted' : 'answered';
      isOver();
    });
    if (!handler) socket.close(1000);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  return {
    url: `ws://${host}:${(server.address() as AddressInfo).port}`,
    async close(): Promise<void> {
      for (const raw of open) raw.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
