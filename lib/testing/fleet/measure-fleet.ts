import type { FleetCall, FleetRun } from './simulate-fleet.ts';

/** What happened to the calls that began between two times, in seconds. */
export interface Outcome {
  calls: number;
  answered: number;
  /** By error code. */
  failed: Record<string, number>;
  p50Seconds: number;
  p95Seconds: number;
}

export function outcomeBetween({ calls }: FleetRun, from: number, to: number): Outcome {
  const begun = calls.filter(({ at }) => at >= from * 1000 && at < to * 1000);
  const seconds = begun.flatMap((call) => (call.code ? [] : call.seconds)).sort((one, other) => one - other);
  return {
    calls: begun.length,
    answered: seconds.length,
    failed: countCodes(begun),
    p50Seconds: at(seconds, 0.5),
    p95Seconds: at(seconds, 0.95),
  };
}

/** Requests that reached each server, for each second of the time. */
export function arrivalsPerSecond({ servers }: FleetRun, from: number, to: number): number[] {
  return servers.map(({ arrivals }) => arrivals.filter((time) => time >= from * 1000 && time < to * 1000).length / (to - from));
}

/** The most that any server saw in one second of the time. */
export function peakPerSecond(run: FleetRun, from: number, to: number): number {
  let peak = 0;
  for (let second = from; second < to; second++) peak = Math.max(peak, ...arrivalsPerSecond(run, second, second + 1));
  return peak;
}

function countCodes(calls: FleetCall[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of calls) if (code) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function at(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
