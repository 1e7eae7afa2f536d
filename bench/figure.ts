import type { BrowserName } from '../scripts/browsers.ts';
import type { Row } from './row.ts';

/** One line of the table, and of the JSON file. */
export interface Figure {
  browser: BrowserName;
  title: string;
  unit: Row['unit'];
  must: number;
  reach: number;
  measured?: number;
  verdict: 'reached' | 'ok' | 'above' | 'FAILED' | 'not here';
  /** Why nothing was measured. */
  problem?: string;
}

/** What a measurement amounts to; an error in it is a failure of the row and not of the run. */
export function judge(browser: BrowserName, row: Row, outcome: number | undefined | Error): Figure {
  const { title, unit } = row;
  const shared = { browser, title, unit, must: row.must[browser], reach: row.reach[browser] };
  if (outcome === undefined) return { ...shared, verdict: 'not here' };
  if (outcome instanceof Error) return { ...shared, verdict: 'FAILED', problem: outcome.message };
  return { ...shared, measured: outcome, verdict: verdictOf(outcome, shared, row.tolerance) };
}

export const heading = line('', 'must', 'reach', 'measured', '');

export function format({ title, unit, must, reach, measured, verdict, problem }: Figure): string {
  const show = (value: number | undefined) => (value === undefined ? '–' : unit === 'lost' ? String(value) : `${value.toFixed(2)} ${unit}`);
  return line(title, show(must), show(reach), show(measured), verdict) + (problem === undefined ? '' : `\n  ${problem}`);
}

function verdictOf(measured: number, { must, reach }: { must: number; reach: number }, tolerance: number): Figure['verdict'] {
  if (measured <= reach) return 'reached';
  if (measured <= must) return 'ok';
  return measured <= must * tolerance ? 'above' : 'FAILED';
}

function line(title: string, must: string, reach: string, measured: string, verdict: string): string {
  const columns = [must, reach, measured].map((text) => text.padStart(11)).join(' ');
  return `${title.padEnd(60)} ${columns}  ${verdict}`.trimEnd();
}
