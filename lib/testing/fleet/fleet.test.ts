import { beforeAll, describe, expect, it } from 'vitest';
import { arrivalsPerSecond, outcomeBetween, peakPerSecond } from './measure-fleet.ts';
import { type FleetRun, simulateFleet } from './simulate-fleet.ts';

/** 500 browsers keep four servers a little more than half busy; one is away for a while, then all of them are. */
describe.each([true, false])('a fleet on a pool, with servers that tell their room: %j', (tellsRoom) => {
  let run: FleetRun;
  beforeAll(async () => {
    run = await simulateFleet({
      browsers: 500,
      everySeconds: 50,
      answerSeconds: 4,
      servers: Array.from({ length: 4 }, () => ({ slots: 18, queue: 36 })),
      tellsRoom,
      strategy: 'spread',
      outages: [{ server: 0, from: 60, to: 100 }, ...[0, 1, 2, 3].map((server) => ({ server, from: 160, to: 190 }))],
      lastsSeconds: 260,
    });
  }, 60_000);

  it('shares the work evenly among equals', () => {
    const shares = arrivalsPerSecond(run, 0, 60);
    expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.3);
  });

  it('answers everybody while one server is away', () => {
    const { calls, answered } = outcomeBetween(run, 60, 100);
    expect(calls).toBeGreaterThan(300);
    expect(answered).toBe(calls);
  });

  it('tells everybody at once when all are away, and asks each server once for each call', () => {
    const { calls, answered, failed } = outcomeBetween(run, 161, 189);
    expect(answered).toBe(0);
    expect(failed).toEqual({ unreachable: calls });
    for (const perSecond of arrivalsPerSecond(run, 161, 189)) expect(perSecond).toBeLessThanOrEqual((calls / 28) * 1.05);
  });

  it('brings no herd when they come back, and the work is shared again', () => {
    const usual = peakPerSecond(run, 10, 60);
    expect(peakPerSecond(run, 190, 210)).toBeLessThanOrEqual(usual * 1.5);
    const { calls, answered } = outcomeBetween(run, 191, 240);
    expect(answered).toBe(calls);
    const shares = arrivalsPerSecond(run, 195, 255);
    expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.35);
  });
});
