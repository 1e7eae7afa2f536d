import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { controlRoute } from './control.ts';
import { createExchange } from './create-exchange.ts';
import { asObject, type Exchange, type RecordedRequest, readRequest } from './exchange.ts';
import { speakHttp10 } from './http10.ts';
import { type CannedReply, sendRaw } from './raw-reply.ts';
import { type Failure, readModelName, type Scenario } from './scenario.ts';
import { openSocketPort, type SocketHandler } from './socket-port.ts';
import { now, sleep } from './wait.ts';

/** What every emulator can be told. */
export interface EmulatorOptions {
  host?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Where given, requests must bring it the way the real server wants it. */
  apiKey?: string;
  /** How to behave from the start; `emulator.scenario` changes it later. */
  scenario?: Scenario;
  /** Paths of other servers it answers as well (`GET /api/tags`), to try the order of detection. */
  alsoAnswers?: Record<string, unknown>;
}

/** A running emulator, and what it saw. */
export interface Emulator {
  /** `http://127.0.0.1:port`. */
  url: string;
  /** `ws://127.0.0.1:port`, another port; empty where the server has no WebSockets. */
  socketUrl: string;
  port: number;
  /** Every request but those to the control route, oldest first. */
  requests: RecordedRequest[];
  /** How many requests the client closed before their end. */
  readonly aborted: number;
  /** When each of those closed, ms since 1970. */
  abortedAt: number[];
  readonly openConnections: number;
  /** Requests without an end so far. */
  readonly activeRequests: number;
  /** What a client must never do and did: a cookie sent back. */
  faults: string[];
  /** Holds for all requests from now on. */
  scenario: Scenario;
  /** Scenarios for the coming answers, one each, on top of `scenario`. */
  next(...scenarios: Scenario[]): void;
  /** Forgets requests, aborts, faults and scenarios. */
  reset(): void;
  close(): Promise<void>;
}

export type Handler = (exchange: Exchange) => void | Promise<void>;

/** What makes an emulator the server it plays. Routes are `METHOD /path`; a path may end in `*`. */
export interface EmulatorKind {
  /** On every answer. */
  headers?: Record<string, string>;
  /** The server is older than chunks and kept connections. */
  isHttp10?: true;
  /** CORS headers for a request, where the real server sends any. */
  cors?(request: RecordedRequest): Record<string, string>;
  /** Runs first: true when it has answered (wrong key, forbidden origin). */
  gate?(exchange: Exchange): boolean;
  /** Lists, probes and management. */
  routes: Record<string, Handler>;
  /** Routes on which a model answers: the scenario's failures hit these. */
  answers: Record<string, Handler>;
  unknown: Handler;
  /** WebSockets by path; the scenario is up to the handler. */
  sockets?: Record<string, SocketHandler>;
  failure(failure: Failure, exchange: Exchange): CannedReply;
}

/** Starts a server of that kind over real HTTP. */
export async function startEmulator(kind: EmulatorKind, options: EmulatorOptions = {}): Promise<Emulator> {
  const sockets = new Set<Socket>();
  const coming: Scenario[] = [];
  let active = 0;
  let closing = false;

  const server = createServer({ maxHeaderSize: 1024 * 1024 }, async (incoming, response) => {
    // A client may leave while its request is still being read; there is nothing to answer then.
    const request = await readRequest(incoming).catch(() => undefined);
    if (!request) return;
    if (kind.isHttp10) speakHttp10(response);
    request.wantsAnswer = match(kind.answers, request) !== undefined;
    const { model, scenario } = chooseScenario(request);
    const exchange = createExchange(kind, request, response, model, scenario);
    for (const [name, value] of Object.entries({ ...kind.headers, ...kind.cors?.(request) })) response.setHeader(name, value);
    if (await controlRoute(exchange, emulator)) return;

    response.setHeader('set-cookie', 'emulator=seen; Path=/');
    const isOver = record(request);
    response.once('close', () => {
      if (request.outcome === 'open') request.outcome = response.writableFinished ? 'answered' : 'aborted';
      isOver();
    });
    await answer(exchange).catch((error: unknown) => {
      if (exchange.gone.aborted) return;
      console.error('The emulator failed:', error);
      exchange.break('reset');
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('clientError', (_error, socket) => socket.destroy());

  function record(request: RecordedRequest): () => void {
    emulator.requests.push(request);
    if (request.headers.cookie !== undefined) emulator.faults.push(`Cookie sent back on ${request.method} ${request.path}`);
    active += 1;
    return () => {
      active -= 1;
      if (request.outcome === 'aborted' && !closing) emulator.abortedAt.push(now());
    };
  }

  function chooseScenario(request: RecordedRequest): { model: string; scenario: Scenario } {
    const asked = asObject(request.body).model;
    const named = readModelName(typeof asked === 'string' ? asked : '');
    return { model: named.model, scenario: { ...emulator.scenario, ...(request.wantsAnswer && coming.shift()), ...named.scenario } };
  }

  async function answer(exchange: Exchange): Promise<void> {
    const { request, scenario } = exchange;
    const foreign = options.alsoAnswers?.[`${request.method} ${request.path}`];
    if (foreign !== undefined) return typeof foreign === 'string' ? exchange.text(200, foreign) : exchange.json(200, foreign);
    if (kind.gate?.(exchange)) return;
    const answering = match(kind.answers, request);
    const handler = answering ?? match(kind.routes, request) ?? kind.unknown;
    if (answering || scenario.scope === 'everything') {
      if (scenario.headersDelayMs) await sleep(scenario.headersDelayMs, exchange.gone);
      if (scenario.raw) return sendRaw(exchange, scenario.raw);
      const failsAtOnce = scenario.failMode === 'status' || (scenario.failure !== undefined && scenario.failAt === undefined);
      if (failsAtOnce) return exchange.fail(scenario.failure ?? 'server');
    }
    if (!exchange.gone.aborted) await handler(exchange);
  }

  const emulator: Emulator = {
    url: '',
    socketUrl: '',
    port: 0,
    requests: [],
    get aborted() {
      return emulator.abortedAt.length;
    },
    abortedAt: [],
    get openConnections() {
      return sockets.size;
    },
    get activeRequests() {
      return active;
    },
    faults: [],
    scenario: { ...options.scenario },
    next: (...scenarios) => void coming.push(...scenarios),
    reset() {
      emulator.requests.length = 0;
      emulator.abortedAt.length = 0;
      emulator.faults.length = 0;
      coming.length = 0;
      emulator.scenario = { ...options.scenario };
    },
    async close() {
      closing = true;
      await socketPort?.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };

  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, host, resolve));
  const hooks = { scenario: () => ({ ...emulator.scenario, ...coming.shift() }), record };
  const socketPort = kind.sockets && (await openSocketPort(host, kind.sockets, hooks));
  emulator.socketUrl = socketPort?.url ?? '';
  emulator.port = (server.address() as AddressInfo).port;
  emulator.url = `http://${host.includes(':') ? `[${host}]` : host}:${emulator.port}`;
  return emulator;
}

function match(table: Record<string, Handler>, request: RecordedRequest): Handler | undefined {
  const wanted = `${request.method} ${request.path}`;
  if (Object.hasOwn(table, wanted)) return table[wanted];
  const pattern = Object.keys(table).find((route) => route.endsWith('*') && wanted.startsWith(route.slice(0, -1)));
  return pattern === undefined ? undefined : table[pattern];
}
