import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web site of the tests: an ordinary page that nobody prepared, on an origin of its own. */
export interface Site {
  port: number;
  /** `host` makes another origin of the same site: `127.0.0.1` unless told, `localhost` or any `*.localhost`. */
  url(path?: string, host?: string): string;
  origin(host?: string): string;
  close(): Promise<void>;
}

export type Route =
  | string
  | { type: string; body: string; headers?: Record<string, string> }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** What every site has at `/`. The button is there to be clicked: a page may ask the user only after that. */
export const plainPage = '<!doctype html><meta charset="utf-8"><title>A test page</title><button id="ask">Ask</button><p id="answer"></p>';

/** Serves pages over real HTTP on a free port; a path that is not in `routes` gets the plain page at `/` and 404 elsewhere. */
export async function serveSite(routes: Record<string, Route> = {}): Promise<Site> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const route = routes[path] ?? (path === '/' ? plainPage : undefined);
    if (typeof route === 'function') return route(request, response);
    if (route === undefined) return response.writeHead(404).end();
    const { type, body, headers } = typeof route === 'string' ? { type: 'text/html; charset=utf-8', body: route, headers: {} } : route;
    response.writeHead(200, { 'content-type': type, ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = (host = '127.0.0.1') => `http://${host}:${port}`;
  return {
    port,
    origin,
    url: (path = '/', host) => `${origin(host)}${path}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
