import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { watchUsage } from '../../lib/usage/ledger.ts';
import { wipeActivity } from '../../lib/usage/history.ts';
import { listActivity } from '../../lib/usage/log.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { connectionNamed } from '../state/connections.ts';
import { useStored } from '../state/use-stored.ts';
import { duration, moment, money, wholeNumber } from '../text/format.ts';
import { problemText } from '../text/problem-text.ts';
import { t } from '../text/t.ts';

/** What was asked lately: never the words, only who, of which model, and what it took. */
export function Activity() {
  const entries = useStored(() => listActivity({ limit: 200 }), watchUsage, '');
  return (
    <div class="stack">
      <div class="row wrap">
        <h1 class="grow">{t('navActivity')}</h1>
        {entries && entries.length > 0 && (
          <ConfirmButton question={t('activityWipeSure')} onConfirm={() => void wipeActivity()}>
            {t('activityWipe')}
          </ConfirmButton>
        )}
      </div>
      <p class="quiet">{t('activityText')}</p>
      {entries?.length === 0 && <p class="card pad quiet">{t('activityEmpty')}</p>}
      {entries && entries.length > 0 && (
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
      )}
    </div>
  );
}

function Line({ entry }: { entry: ActivityEntry }) {
  const { origin, connectionId, backend, model, startedAt, usage, costMicroUsd, durationMs, outcome } = entry;
  const tokens = usage && usage.inputTokens + usage.outputTokens;
  return (
    <tr>
      <td class="once">{moment(startedAt)}</td>
      <td class="any-break">{origin === 'extension' ? t('ownChat') : <bdi>{origin.replace(/^https:\/\//, '')}</bdi>}</td>
      <td class="any-break">
        {model}
        <br />
        <small>{connectionNamed(connectionId)?.name ?? backend}</small>
      </td>
      <td class="number">{tokens === undefined ? '–' : `${usage?.estimated ? '~' : ''}${wholeNumber(tokens)}`}</td>
      <td class="number">{costMicroUsd ? money(costMicroUsd) : '–'}</td>
      <td class="number">{duration(durationMs)}</td>
      <td>
        <Lamp state={outcome === 'done' ? 'ok' : outcome === 'aborted' ? 'off' : 'bad'}>
          {outcome === 'done' ? t('outcomeDone') : t(problemText[outcome].what)}
        </Lamp>
      </td>
    </tr>
  );
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
