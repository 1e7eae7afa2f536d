import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Page } from 'puppeteer';
import { type BrowserName, launch, type Stage } from '../e2e/harness.ts';

/** One browser with the extension, connected to the benchmark's own server, and the page that measures. */
export interface Bench {
  name: BrowserName;
  stage: Stage;
  page: Page;
  origin: string;
  /** Connections to twenty more ports of the same server: a browser opens six connections to each. */
  lanes: string[];
  /** Fewer runs: a look, not a measurement. */
  isQuick: boolean;
  close(): Promise<void>;
}

/** The page's own fetch; the provider, `window.ai`; a session of `LanguageModel`, which answers with the default model. */
export type Road = 'direct' | 'through' | 'session';

export async function openBench(name: BrowserName, isQuick: boolean): Promise<Bench> {
  const server = await startServer();
  const stage = await launch(name, { watchesNetwork: false, preferences: honestFirefox });
  const lanes = await connect(stage, server.origins);
  const [origin = ''] = server.origins;
  const page = await stage.newPage(`${origin}/`);
  return {
    name,
    stage,
    page,
    origin,
    lanes,
    isQuick,
    async close() {
      await stage.close();
      server.close();
    },
  };
}

/** Runs `measure` for each road `runs` times in alternating order, after one of each to warm up; the medians. */
export async function compare<R extends Road>(runs: number, roads: R[], measure: (road: R) => Promise<number>): Promise<Record<R, number>> {
  const values = new Map<R, number[]>(roads.map((road) => [road, []]));
  for (let run = -1; run < runs; run++) {
    for (const road of run % 2 === 0 ? roads : roads.toReversed()) {
      const value = await measure(road);
      if (run >= 0) values.get(road)?.push(value);
    }
  }
  return Object.fromEntries(roads.map((road) => [road, percentile(values.get(road) ?? [], 50)])) as Record<R, number>;
}

export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))];
  if (value === undefined) throw new Error('Nothing was measured.');
  return value;
}

/** Starts bench/server.ts, which ends with this process. */
async function startServer(): Promise<{ origins: string[]; close(): void }> {
  const child = fork(new URL('server.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ ports }] = (await once(child, 'message')) as [{ ports: number[] }];
  return { origins: ports.map((port) => `http://127.0.0.1:${port}`), close: () => child.disconnect() };
}

/** Connects the first as the default; the ids of the rest. */
async function connect(stage: Stage, origins: string[]): Promise<string[]> {
  return stage.options.evaluate(async (origins) => {
    const { switchboard } = globalThis;
    await switchboard.ready();
    const ids: string[] = [];
    for (const [lane, origin] of origins.entries()) {
      ids.push(await switchboard.connections.save({ backend: 'custom', name: `Lane ${lane}`, config: { baseUrl: `${origin}/v1` } }));
    }
    const [connectionId = '', ...rest] = ids;
    await switchboard.defaults.set({ connectionId, model: 'burst-10000' });
    await switchboard.grants.set({ origin: origins[0] ?? '', decision: 'always' });
    return rest;
  }, origins);
}

export const honestFirefox = {
  // It rounds its clocks to a millisecond and adds noise, which is more than what is measured here.
  'privacy.reduceTimerPrecision': false,
  'privacy.resistFingerprinting.reduceTimerPrecision.jitter': false,
  // It lets requests go ten at a time, whoever makes them: a hundred streams would begin in ten groups.
  'network.http.pacing.requests.enabled': false,
};
