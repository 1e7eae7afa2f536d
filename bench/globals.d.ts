import type { Road } from './stage.ts';

/** What bench/site/bench.js puts on its page. */
declare global {
  var bench: {
    burst(road: Road, count: number): Promise<number>;
    latency(road: Road, count: number, everyMs: number): Promise<number[]>;
    firstToken(road: Road): Promise<number>;
    abort(road: Road): Promise<{ at: number; id: string }>;
    concurrent(models: string[], count: number): Promise<{ lost: number; times: number[] }>;
    consume(road: Road, mebibytes: number): Promise<number>;
  };
}
