import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { type Bench, percentile } from '../stage.ts';

export const popupPaint: Row = {
  title: 'popup opened → first paint',
  unit: 'ms',
  must: both(150),
  reach: both(80),
  tolerance: 1.5,
  measure: (bench) => median(bench, ({ paint }) => paint),
};

export const popupTyping: Row = {
  title: 'popup opened → can type',
  unit: 'ms',
  must: both(200),
  reach: both(100),
  tolerance: 1.5,
  measure: (bench) => median(bench, ({ typing }) => typing),
};

interface Opening {
  paint: number;
  typing: number;
}

async function median(bench: Bench, pick: (opening: Opening) => number): Promise<number> {
  const times: number[] = [];
  for (let run = -1; run < (bench.isQuick ? 2 : 7); run++) {
    const time = pick(await open(bench));
    if (run >= 0) times.push(time);
  }
  return percentile(times, 50);
}

/** Opened by the options page, which may look into it from its very start; the times are on the popup's own clock. */
async function open({ stage }: Bench): Promise<Opening> {
  await stage.options.bringToFront();
  return stage.options.evaluate(async () => {
    const opened = window.open('/popup.html', '', 'popup,width=400,height=600');
    if (!opened) throw new Error('The popup was not opened.');
    const until = async <T>(what: string, read: () => T | undefined): Promise<T> => {
      const deadline = performance.now() + 10_000;
      while (performance.now() < deadline) {
        const value = read();
        if (value !== undefined) return value;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      throw new Error(`The popup had no ${what} within 10 s.`);
    };
    const typing = await until('place to type', () =>
      opened.location.pathname === '/popup.html' && opened.document.querySelector('textarea:enabled')
        ? opened.performance.now()
        : undefined,
    );
    const paint = await until('paint', () => opened.performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    opened.close();
    return { paint, typing };
  });
}
