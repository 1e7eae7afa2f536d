import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Fault, playFault } from './faults.ts';
import { now } from './kit/wait.ts';

/** A server below HTTP's manners. Every request to `url(fault)` or a path under it gets that fault. */
export interface FaultServer {
  url(fault: Fault): string;
  port: number;
  /** The heads of all requests, as they came. */
  heads: string[];
  /** What reached the second server, where the redirects point. It answers as a model would, so following them works. */
  lured: { method: string; path: string; headers: NodeJS.Dict<string | string[]>; body: string }[];
  /** When clients closed before we did, ms since 1970. */
  closedByClientAt: number[];
  readonly openConnections: number;
  close(): Promise<void>;
}

/** Starts both servers on free ports of 127.0.0.1. */
export async function startFaultServer(): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const lured: FaultServer['lured'] = [];
  const second = createHttpServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    lured.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
    response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
    response.end(luredAnswer);
  });
  const secondPort = await listen(second);

  const server = createServer((socket) => {
    sockets.add(socket);
    let ended = false;
    socket.on('error', () => {});
    socket.once('close', () => {
      sockets.delete(socket);
      if (!ended) faultServer.closedByClientAt.push(now());
    });
    readRequest(socket, (head) => {
      faultServer.heads.push(head);
      const path = head.split(' ')[1] ?? '/';
      const fault = path.split('/')[1] as Fault;
      void playFault(fault, { socket, path, port: faultServer.port, secondPort, isModelList: path.endsWith('/models') }).then(() => {
        ended = true;
      });
    });
  });
  const faultServer: FaultServer = {
    url: (fault) => `http://127.0.0.1:${faultServer.port}/${fault}`,
    port: await listen(server),
    heads: [],
    lured,
    closedByClientAt: [],
    get openConnections() {
      return sockets.size;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      second.closeAllConnections();
      await Promise.all([server, second].map((each) => new Promise((resolve) => each.close(resolve))));
    },
  };
  return faultServer;
}

const luredAnswer = JSON.stringify({
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'You should not be here.' }, finish_reason: 'stop' }],
  data: [{ id: 'lure', object: 'model' }],
});

/** Hands over the head once the whole request has come, so that a reset is never taken for a refused upload. */
function readRequest(socket: Socket, done: (head: string) => void): void {
  let received = Buffer.alloc(0);
  const listener = (data: Buffer) => {
    received = Buffer.concat([received, data]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = received.subarray(0, end).toString('latin1');
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    received = Buffer.alloc(0);
    done(head);
  };
  socket.on('data', listener);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
