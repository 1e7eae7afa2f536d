import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type BrowserName, browserNames, ensureBrowser } from './browsers.ts';
import { extensionFolder } from './extension-folder.ts';
import { soakBrowser } from './soak-browser.ts';
import type { Figures } from './soak-call.ts';

/**
 * `npm run soak [-- --minutes 10] [--seed 1] [--browser chromium]`: mixed load with random faults and kills in both
 * browsers at once; at the end the promises are checked and the figures printed. Not part of `npm test`.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    browser: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const names = browserNames.filter((name) => values.browser === undefined || values.browser === name);
if (!(minutes > 0) || names.length === 0) throw new Error('Say --minutes with a number above 0, and --browser chromium or firefox.');
const unbuilt = names.filter((name) => !existsSync(extensionFolder(name)));
if (unbuilt.length > 0) throw new Error(`There is no build for ${unbuilt.join(' and ')}. Run npm run build first.`);

console.log(`${minutes} minutes in ${names.join(' and ')}, seed ${values.seed}`);
const results = await Promise.all(names.map(run));
for (const { name, figures } of results) print(name, figures);
const broken = results.flatMap(({ name, figures }) => figures.broken.map((what) => `${name}: ${what}`));
for (const line of broken) console.log(`✗ ${line}`);
console.log(broken.length === 0 ? 'every promise held' : `${broken.length} promises were broken (seed ${values.seed})`);
process.exitCode = broken.length === 0 ? 0 : 1;

async function run(name: BrowserName): Promise<{ name: BrowserName; figures: Figures }> {
  await ensureBrowser(name);
  return { name, figures: await soakBrowser(name, minutes * 60_000, Number(values.seed)) };
}

function print(
  name: BrowserName,
  { calls, outcomes, kills, pagesClosed, counted, firstWordMs, closeMs, rssBefore, rssAfter }: Figures,
): void {
  const counts = Object.entries(outcomes).sort(([, one], [, other]) => other - one);
  console.log(`\n${name}`);
  console.log(`  calls            ${calls}: ${counts.map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`);
  console.log(`  in the book      ${counted}`);
  console.log(`  background ended ${kills} times, tabs closed or reloaded ${pagesClosed} times`);
  console.log(`  first word       p50 ${percentile(firstWordMs, 0.5)} ms, p95 ${percentile(firstWordMs, 0.95)} ms`);
  console.log(`  abort to close   p50 ${percentile(closeMs, 0.5)} ms, p95 ${percentile(closeMs, 0.95)} ms (${closeMs.length} measured)`);
  if (rssBefore > 0)
    console.log(
      `  memory           ${Math.round(rssBefore / 1e6)} MB at the start, ${Math.round(rssAfter / 1e6)} MB at the end (all processes)`,
    );
}

function percentile(values: number[], share: number): string {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted.length === 0 ? '–' : String(Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0));
}
