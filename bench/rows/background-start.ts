import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { percentile } from '../stage.ts';

/**
 * The background's script is loaded once more into an empty extension page, where Chromium's tracing says how long its
 * evaluation took. Firefox has no tracing a driver could reach.
 */
export const backgroundStart: Row = {
  title: 'background, cold evaluation',
  unit: 'ms',
  must: both(15),
  reach: both(8),
  tolerance: 1.5,
  async measure({ name, stage, isQuick }) {
    if (name !== 'chromium') return undefined;
    const times: number[] = [];
    for (let run = 0; run < (isQuick ? 2 : 5); run++) {
      const page = await stage.newPage(`${stage.extensionOrigin}/manifest.json`);
      await page.tracing.start({ categories: ['devtools.timeline'] });
      await page.evaluate(
        () =>
          new Promise((resolve, reject) => {
            const script = document.createElement('script');
            script.src = '/background.js';
            script.onload = resolve;
            script.onerror = reject;
            document.head.append(script);
          }),
      );
      const trace = JSON.parse(Buffer.from((await page.tracing.stop()) ?? []).toString()) as { traceEvents: TraceEvent[] };
      const spent = trace.traceEvents.filter(({ name, args }) => name === 'EvaluateScript' && args.data?.url?.endsWith('/background.js'));
      // Time of the thread where the trace has it: other programs' share of the processor is not ours.
      times.push(spent.reduce((sum, { tdur, dur = 0 }) => sum + (tdur ?? dur) / 1000, 0));
      await page.close();
    }
    return percentile(times, 50);
  },
};

interface TraceEvent {
  name: string;
  dur?: number;
  tdur?: number;
  args: { data?: { url?: string } };
}
