import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const folder = join(import.meta.dirname, 'demo-page');
/** The doors and their code are those of the extension's own playground. */
const playground = join(import.meta.dirname, '../components/playground');
const types: Record<string, string> = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };

/** Serves scripts/demo-page, and of the playground what it shares, on a free port of this machine. */
export async function serveDemo(): Promise<{ origin: string; close(): void }> {
  const server: Server = createServer(async (request, response) => {
    const name = new URL(request.url ?? '/', 'http://demo').pathname.slice(1) || 'index.html';
    const type = types[extname(name)];
    const path = pathOf(name);
    const body = type && path ? await readFile(path).catch(() => undefined) : undefined;
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

function pathOf(name: string): string | undefined {
  if (name === 'doors.js' || /^snippets\/[\w-]+\.js$/.test(name)) return join(playground, name);
  return name.includes('/') ? undefined : join(folder, name);
}
