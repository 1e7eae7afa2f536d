import type { BrowserName } from '../scripts/browsers.ts';
import type { Bench } from './stage.ts';

/** One figure that the design promises. */
export interface Row {
  title: string;
  unit: '×' | 'ms' | 'KiB' | 'MiB' | 'lost';
  must: Record<BrowserName, number>;
  reach: Record<BrowserName, number>;
  /** The run fails only above `must` times this: a shared machine is noisy, sizes are not. */
  tolerance: number;
  /** Undefined where the browser cannot tell. */
  measure(bench: Bench): Promise<number | undefined>;
}

/** The same figure for both browsers. */
export function both(value: number): Record<BrowserName, number> {
  return { chromium: value, firefox: value };
}
