import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const folder = join(import.meta.dirname, 'demo-page');
const types: Record<string, string> = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };

/** Serves scripts/demo-page on a free port of this machine. */
export async function serveDemo(): Promise<{ origin: string; close(): void }> {
  const server: Server = createServer(async (request, response) => {
    const name = new URL(request.url ?? '/', 'http://demo').pathname.slice(1) || 'index.html';
    const type = types[extname(name)];
    const body = type && !name.includes('/') ? await readFile(join(folder, name)).catch(() => undefined) : undefined;
    if (body === undefined) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
