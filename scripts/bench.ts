import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Row } from '../bench/row.ts';
import { abort } from '../bench/rows/abort.ts';
import { backgroundStart } from '../bench/rows/background-start.ts';
import { burst } from '../bench/rows/burst.ts';
import { concurrentFairness, concurrentLost } from '../bench/rows/concurrent.ts';
import { firstCallAfterSleep, firstToken } from '../bench/rows/first-token.ts';
import { heap } from '../bench/rows/heap.ts';
import { latency } from '../bench/rows/latency.ts';
import { pageLoad } from '../bench/rows/page-load.ts';
import { popupPaint, popupTyping } from '../bench/rows/popup.ts';
import { sizes } from '../bench/rows/sizes.ts';
import { openBench } from '../bench/stage.ts';
import { type BrowserName, browserNames } from './browsers.ts';
import { buildExtension } from './build.ts';
import { isBuilt } from './extension-folder.ts';

const help = `npm run bench -- [--browser chromium|firefox|both] [--json FILE] [--quick]

Measures the figures of the design in a real browser, as ratios to the page's own fetch of the same server in the same
run. Exits 1 when a figure is clearly worse than it must be (each row has its own tolerance for a noisy machine).`;

const rows: Row[] = [
  burst,
  latency,
  firstToken,
  firstCallAfterSleep,
  abort,
  concurrentLost,
  concurrentFairness,
  pageLoad,
  popupPaint,
  popupTyping,
  heap,
  backgroundStart,
  ...sizes,
];

interface Figure {
  browser: BrowserName;
  title: string;
  unit: Row['unit'];
  must: number;
  reach: number;
  measured?: number;
  verdict: 'reached' | 'ok' | 'above' | 'FAILED' | 'not here';
  problem?: string;
}

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'both' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});

if (values.help) {
  console.log(help);
} else {
  const names = browserNames.filter((name) => values.browser === 'both' || values.browser === name);
  if (names.length === 0) throw new Error(`--browser is chromium, firefox or both, not ${values.browser}.`);
  const figures: Figure[] = [];
  for (const name of names) figures.push(...(await measure(name, values.quick)));
  if (values.json)
    await writeFile(values.json, `${JSON.stringify({ at: new Date().toISOString(), isQuick: values.quick, figures }, null, 2)}\n`);
  process.exitCode = figures.some(({ verdict }) => verdict === 'FAILED') ? 1 : 0;
}

async function measure(name: BrowserName, isQuick: boolean): Promise<Figure[]> {
  if (!isBuilt(name)) await buildExtension(name);
  const bench = await openBench(name, isQuick);
  console.log(`\n${name}, ${await bench.stage.browser.version()}\n${line(['', 'must', 'reach', 'measured', ''])}`);
  const figures: Figure[] = [];
  try {
    for (const row of rows) {
      const figure = await row.measure(bench).then(
        (measured) => judge(name, row, measured),
        (error: Error): Figure => ({ ...judge(name, row), verdict: 'FAILED', problem: error.message }),
      );
      figures.push(figure);
      console.log(line([row.title, show(figure.must, row), show(figure.reach, row), show(figure.measured, row), figure.verdict]));
      if (figure.problem) console.log(`  ${figure.problem}`);
    }
  } finally {
    await bench.close();
  }
  return figures;
}

function judge(browser: BrowserName, row: Row, measured?: number): Figure {
  const must = row.must[browser];
  const reach = row.reach[browser];
  const shared = { browser, title: row.title, unit: row.unit, must, reach };
  if (measured === undefined) return { ...shared, verdict: 'not here' };
  const verdict = measured <= reach ? 'reached' : measured <= must ? 'ok' : measured <= must * row.tolerance ? 'above' : 'FAILED';
  return { ...shared, measured, verdict };
}

function show(value: number | undefined, { unit }: Row): string {
  if (value === undefined) return '–';
  return unit === 'lost' ? String(value) : `${value.toFixed(2)} ${unit}`;
}

function line([title = '', ...rest]: string[]): string {
  return [title.padEnd(60), ...rest.slice(0, 3).map((text) => text.padStart(11)), ` ${rest.at(-1)}`].join(' ').trimEnd();
}
