import '../lib/backends/all.ts';
import { arrivalsPerSecond, outcomeBetween, peakPerSecond } from '../lib/testing/fleet/measure-fleet.ts';
import { simulateFleet } from '../lib/testing/fleet/simulate-fleet.ts';

/** `npm run fleet`: the pools of 1,000 browsers against four servers, in virtual time; one server, then all, go away. */
for (const tellsRoom of [true, false]) {
  const run = await simulateFleet({
    browsers: 1_000,
    everySeconds: 60,
    answerSeconds: 4,
    servers: Array.from({ length: 4 }, () => ({ slots: 24, queue: 48 })),
    tellsRoom,
    strategy: 'spread',
    outages: [{ server: 0, from: 200, to: 260 }, ...[0, 1, 2, 3].map((server) => ({ server, from: 400, to: 460 }))],
    lastsSeconds: 700,
  });
  console.log(`\n1,000 browsers, 4 servers of 24 slots, ${tellsRoom ? 'which tell' : 'which do not tell'} their room`);
  for (const [name, from, to] of [
    ['all up', 20, 200],
    ['one away', 201, 259],
    ['all up again', 265, 395],
    ['all away', 401, 459],
    ['first 20 s back', 460, 480],
    ['later', 480, 690],
  ] as const) {
    const { calls, answered, p50Seconds, p95Seconds } = outcomeBetween(run, from, to);
    const rates = arrivalsPerSecond(run, from, to).map((rate) => rate.toFixed(1).padStart(5));
    const times = answered > 0 ? `p50 ${p50Seconds.toFixed(1)} s, p95 ${p95Seconds.toFixed(1)} s` : '';
    console.log(
      `${name.padEnd(16)} ${String(answered).padStart(5)} of ${String(calls).padStart(5)} answered  requests a second ${rates.join('')}  peak ${String(peakPerSecond(run, from, to)).padStart(3)}  ${times}`.trimEnd(),
    );
  }
}
