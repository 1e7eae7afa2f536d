import { browser } from 'wxt/browser';
import { listAsking, watchAsking } from '../permissions/asking.ts';
import type { Runs } from '../router/router.ts';

/** The lamp on the toolbar button: a site waits for the user's click, or answers are being written. */
export function showBadge(runs: Runs): void {
  let shown = '';

  async function show(): Promise<void> {
    const asking = (await listAsking()).length;
    const { text, colour } = asking > 0 ? { text: '?', colour: '#b45309' } : { text: workText(runs.list().length), colour: '#8a6116' };
    if (text === shown) return;
    shown = text;
    await browser.action.setBadgeBackgroundColor({ color: colour });
    await browser.action.setBadgeText({ text });
  }

  // Not in the way of a call that begins, and no flicker for a short one.
  let isDue = false;
  const showSoon = () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      void show().catch(() => {});
    }, settleMs);
  };
  runs.watch(showSoon);
  watchAsking(showSoon);
  showSoon();
}

const settleMs = 150;

function workText(count: number): string {
  if (count === 0) return '';
  return count > 9 ? '9+' : String(count);
}
