import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, format, heading, judge } from '../bench/figure.ts';
import { rows } from '../bench/rows.ts';
import { openBench } from '../bench/stage.ts';
import { type BrowserName, browserNames } from './browsers.ts';
import { buildExtension } from './build.ts';
import { isBuilt } from './extension-folder.ts';

const help = `npm run bench -- [--browser chromium|firefox|both] [--json FILE] [--quick]

Measures the figures of the design in real browsers, as ratios to the page's own fetch of the same server in the same
run. Exits 1 when a figure is clearly worse than it must be (each row has its own tolerance for a noisy machine).`;

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'both' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(help);
else process.exitCode = await bench();

async function bench(): Promise<number> {
  const names = browserNames.filter((name) => values.browser === 'both' || values.browser === name);
  if (names.length === 0) {
    console.error(`--browser is chromium, firefox or both, not ${values.browser}.`);
    return 1;
  }
  const figures: Figure[] = [];
  for (const name of names) figures.push(...(await measure(name)));
  if (values.json)
    await writeFile(values.json, `${JSON.stringify({ at: new Date().toISOString(), isQuick: values.quick, figures }, null, 2)}\n`);
  return figures.some(({ verdict }) => verdict === 'FAILED') ? 1 : 0;
}

async function measure(name: BrowserName): Promise<Figure[]> {
  if (!isBuilt(name)) await buildExtension(name);
  const opened = await openBench(name, values.quick);
  console.log(`\n${name}, ${await opened.stage.browser.version()}`);
  if (isBusy()) console.log(`Other programs are at work on this machine (load ${loadavg()[0]?.toFixed(1)}): do not trust the times.`);
  console.log(heading);
  const figures: Figure[] = [];
  try {
    for (const row of rows) {
      const figure = judge(name, row, await row.measure(opened).catch((error: Error) => error));
      figures.push(figure);
      console.log(format(figure));
    }
  } finally {
    await opened.close();
  }
  return figures;
}

function isBusy(): boolean {
  return (loadavg()[0] ?? 0) > availableParallelism();
}
