import { useSignal } from '@preact/signals';
import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { Lamp } from '../parts/lamp.tsx';
import { connectionNamed } from '../state/connections.ts';
import { duration, moment, money, wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { CallWords } from './call-words.tsx';
import { outcomeText, siteText } from './entry-text.ts';

/** One page of calls, a line each; where the words are kept they open below it. */
export function CallTable({ entries }: { entries: readonly ActivityEntry[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways where it is narrow
    <div class="card scroll" tabIndex={0}>
      <table class="activity">
        <thead>
          <tr>
            {columns.map(({ text, isNumber }) => (
              <th key={text} scope="col" class={isNumber ? 'number' : undefined}>
                {t(text)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Line key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ entry }: { entry: ActivityEntry }) {
  const isOpen = useSignal(false);
  const { connectionId, backend, model, startedAt, usage, costMicroUsd, durationMs, outcome, times = 1 } = entry;
  const tokens = usage && usage.inputTokens + usage.outputTokens;
  return (
    <>
      <tr>
        <td class="once">{moment(startedAt)}</td>
        <td class="any-break">
          <bdi>{siteText(entry)}</bdi>
          {entry.hasText && (
            <>
              <br />
              <button
                type="button"
                class="button plain small words"
                aria-expanded={isOpen.value}
                onClick={() => (isOpen.value = !isOpen.value)}
              >
                {t('callWords')}
              </button>
            </>
          )}
        </td>
        <td class="any-break">
          {model}
          <br />
          <small>{connectionNamed(connectionId)?.name ?? backend}</small>
        </td>
        <td class="number">{tokens === undefined ? '–' : `${usage?.estimated ? '~' : ''}${wholeNumber(tokens)}`}</td>
        <td class="number">{costText(tokens, costMicroUsd)}</td>
        <td class="number">{duration(durationMs)}</td>
        <td>
          <Lamp state={outcome === 'done' ? 'ok' : outcome === 'aborted' ? 'off' : 'bad'}>
            {outcomeText(entry)}
            {times > 1 && ` ×${wholeNumber(times)}`}
          </Lamp>
        </td>
      </tr>
      {isOpen.value && (
        <tr>
          <td colSpan={columns.length}>
            <CallWords entry={entry} />
          </td>
        </tr>
      )}
    </>
  );
}

/** Nothing used, free, so much, or unknown. */
function costText(tokens: number | undefined, costMicroUsd: number | undefined): string {
  if (tokens === undefined) return '–';
  if (costMicroUsd === undefined) return t('unpriced');
  return costMicroUsd === 0 ? t('free') : money(costMicroUsd);
}

const columns = [
  { text: 'columnTime', isNumber: false },
  { text: 'columnSite', isNumber: false },
  { text: 'columnModel', isNumber: false },
  { text: 'columnTokens', isNumber: true },
  { text: 'columnCost', isNumber: true },
  { text: 'columnDuration', isNumber: true },
  { text: 'columnOutcome', isNumber: false },
] as const;
