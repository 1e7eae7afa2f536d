import type { Engine } from '../../backends/backend.ts';
import type { Connection } from '../../connections/connection.ts';
import { toSwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import { createPools } from '../../router/pool/pools.ts';
import { seeded } from '../seeded.ts';
import { createSimulatedServer, type ServerShape, type SimulatedServer } from './simulated-server.ts';
import { createVirtualTime } from './virtual-time.ts';

/** Browsers of people who do not know of one another, and the servers they share. Times in seconds. */
export interface FleetOptions {
  browsers: number;
  /** Between two calls of one browser, on average. */
  everySeconds: number;
  /** Of one answer, on average. */
  answerSeconds: number;
  servers: ServerShape[];
  /** Whether servers tell how much room they have. */
  tellsRoom: boolean;
  strategy: 'fallback' | 'spread';
  outages: { server: number; from: number; to: number }[];
  lastsSeconds: number;
  seed?: number;
}

export interface FleetCall {
  at: number;
  /** Until the answer was whole, or the failure told. */
  seconds: number;
  code?: string;
  browser: number;
}

export interface FleetRun {
  servers: SimulatedServer[];
  calls: FleetCall[];
}

/** Runs the real pools of each browser in virtual time. `performance.now` is that time while it runs. */
export async function simulateFleet(options: FleetOptions): Promise<FleetRun> {
  const time = createVirtualTime();
  const random = seeded(options.seed ?? 1);
  const servers = options.servers.map((shape) => createSimulatedServer(shape, time));
  const connections = servers.map((_, index): Connection => member(index));
  const pool = poolOf(connections, options.strategy);
  const calls: FleetCall[] = [];
  const never = new AbortController().signal;

  const realNow = performance.now;
  performance.now = time.now;
  try {
    for (const { server, from, to } of options.outages) {
      void time.sleep(from * 1000).then(() => servers[server]?.goDown());
      void time.sleep(to * 1000).then(() => servers[server]?.comeBack());
    }
    for (let browser = 0; browser < options.browsers; browser++) void live(browser);
    await time.runUntil(options.lastsSeconds * 1000);
  } finally {
    performance.now = realNow;
  }
  return { servers, calls };

  async function live(browser: number): Promise<void> {
    const pools = createPools(
      {
        engines: { open: async (connection) => engineOf(connection), openDraft: () => ({}) },
        lists: { info: async () => undefined } as never,
        listConnections: async () => connections,
      },
      { clock: time.now, random },
    );
    await time.sleep(random() * options.everySeconds * 1000);
    for (;;) {
      void call(browser, pools);
      await time.sleep(exponential(random) * options.everySeconds * 1000);
    }
  }

  async function call(browser: number, pools: ReturnType<typeof createPools>): Promise<void> {
    const at = time.now();
    const workMs = exponential(random) * options.answerSeconds * 1000;
    const done = (code?: string) => calls.push({ at, seconds: (time.now() - at) / 1000, browser, ...(code && { code }) });
    try {
      const ask = ({ connection }: { connection: Connection }) => answer(connection, workMs);
      for await (const _ of pools.answer({ target: { connection: pool, model: 'pool' }, needs: [], ask, isSite: false }, never));
      done();
    } catch (thrown) {
      done(toSwitchboardError(thrown).code);
    }
  }

  async function* answer(connection: Connection, workMs: number): AsyncGenerator<Part[]> {
    await servers[connections.findIndex(({ id }) => id === connection.id)]?.answer(workMs);
    yield [{ type: 'end', reason: 'stop' }];
  }

  function engineOf({ id }: Connection): Engine {
    const server = servers[connections.findIndex((connection) => connection.id === id)];
    if (!options.tellsRoom || !server) return {};
    return {
      async room() {
        if (!server.isUp) throw new Error('down');
        return server.room();
      },
    };
  }
}

function member(index: number): Connection {
  const config = { baseUrl: `http://server-${index}.example` };
  return { id: `server-${index}`, backend: 'vllm', name: `Server ${index}`, config, model: 'shared', revision: 1, createdAt: 0 };
}

function poolOf(connections: Connection[], strategy: FleetOptions['strategy']): Connection {
  const members = connections.map(({ id }) => ({ connectionId: id }));
  return { id: 'pool', backend: 'pool', name: 'Fleet', config: { strategy, members }, revision: 1, createdAt: 0 };
}

function exponential(random: () => number): number {
  return -Math.log(1 - random());
}
