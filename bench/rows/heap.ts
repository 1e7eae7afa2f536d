import type { CDPSession } from 'puppeteer';
import type { Row } from '../row.ts';
import { both } from '../row.ts';

/** Heap of the background and the page together after much has been streamed, above what it was before. Chromium only. */
export const heap: Row = {
  title: 'heap kept after 100 MB were streamed',
  unit: 'MiB',
  must: both(8),
  reach: both(2),
  tolerance: 1.5,
  async measure({ name, stage, page, isQuick }) {
    if (name !== 'chromium') return undefined;
    const target = stage.browser.targets().find((each) => each.type() === 'service_worker' && each.url().startsWith(stage.extensionOrigin));
    const worker = await target?.worker();
    if (!worker) throw new Error('The service worker is not running.');
    const sessions = [worker.client, await page.createCDPSession()];
    await page.evaluate(() => bench.burst('through', 10_000));
    const before = await usedHeap(sessions);
    // Ten at a time: one answer may hold 64 MiB at most.
    for (let answer = 0; answer < (isQuick ? 2 : 10); answer++) await page.evaluate(() => bench.consume('through', 10));
    return (await usedHeap(sessions)) - before;
  },
};

async function usedHeap(sessions: CDPSession[]): Promise<number> {
  let bytes = 0;
  for (const session of sessions) {
    await session.send('HeapProfiler.collectGarbage');
    bytes += (await session.send('Runtime.getHeapUsage')).usedSize;
  }
  return bytes / 1024 / 1024;
}
