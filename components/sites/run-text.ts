import type { Run } from '../../lib/router/router.ts';
import { percent } from '../text/format.ts';
import { plural } from '../text/plural.ts';
import { t } from '../text/t.ts';

/** `answering now · 212 tokens`; of several calls the furthest counts. */
export function runText(runs: Run[]): string {
  const order: Run['state'][] = ['answering', 'loading', 'queued', 'waiting', 'asking'];
  const [run] = runs.toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
  if (!run) return '';
  const tokens = runs.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  const more =
    run.state === 'answering'
      ? plural('tokens', tokens)
      : run.state === 'loading' && run.progress !== undefined
        ? percent(run.progress)
        : undefined;
  return [t(stateText[run.state]), more].filter(Boolean).join(' · ');
}

const stateText = {
  asking: 'runAsking',
  waiting: 'runWaiting',
  queued: 'runQueued',
  loading: 'runLoading',
  answering: 'runAnswering',
} as const;
