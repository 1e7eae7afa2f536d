import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { wipeActivity } from '../../lib/usage/history.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { download } from '../parts/download.ts';
import { connectionNamed } from '../state/connections.ts';
import { wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { CallTable } from './call-table.tsx';
import { Charts } from './charts.tsx';
import { readEntries } from './entries.ts';
import { searchText } from './entry-text.ts';
import { toCsv, toJson } from './export.ts';
import { everything, type Filter, matching } from './filter.ts';
import { Filters } from './filters.tsx';
import { Keeping } from './keeping.tsx';

/** Lines on one page: what a screen can be looked through, and what a browser lays out at once. */
const pageSize = 50;

/** What each site asked, of which model, and what it took; charts, search, export, and an end to it. */
export function Activity() {
  const entries = useMemo(readEntries, []);
  const filter = useSignal<Filter>(everything);
  const page = useSignal(0);
  useEffect(() => entries.stop, []);
  const all = entries.list.value;
  const found = useMemo(() => matching(all ?? [], filter.value, searchText), [all, filter.value]);
  const pages = Math.max(1, Math.ceil(found.length / pageSize));
  const current = Math.min(page.value, pages - 1);
  const first = current * pageSize;

  async function wipe(): Promise<void> {
    await wipeActivity();
    await entries.reload();
  }
  const name = (id: string) => connectionNamed(id)?.name ?? '';

  return (
    <div class="stack">
      <div class="row wrap">
        <h1 class="grow">{t('navActivity')}</h1>
        {all && all.length > 0 && (
          <>
            <button
              type="button"
              class="button"
              disabled={!entries.isWhole.value}
              onClick={() => download('switchboard-activity.csv', 'text/csv', toCsv(found, name))}
            >
              {t('exportCsv')}
            </button>
            <button
              type="button"
              class="button"
              disabled={!entries.isWhole.value}
              onClick={() => download('switchboard-activity.json', 'application/json', toJson(found))}
            >
              {t('exportJson')}
            </button>
            <ConfirmButton question={t('activityWipeSure')} onConfirm={() => void wipe()}>
              {t('activityWipe')}
            </ConfirmButton>
          </>
        )}
      </div>
      <p class="quiet">{t('activityText')}</p>
      <Charts />
      {all?.length === 0 && <p class="card pad quiet">{t('activityEmpty')}</p>}
      {all && all.length > 0 && (
        <>
          <Filters
            entries={all}
            filter={filter.value}
            onChange={(next) => {
              filter.value = next;
              page.value = 0;
            }}
          />
          <div class="row wrap" role="status">
            <small class="grow">
              {found.length === 0
                ? t('activityNothing')
                : t('activityShown', {
                    first: wholeNumber(first + 1),
                    last: wholeNumber(Math.min(first + pageSize, found.length)),
                    of: wholeNumber(found.length),
                  })}
            </small>
            {pages > 1 && (
              <>
                <button type="button" class="button small" disabled={current === 0} onClick={() => (page.value = current - 1)}>
                  {t('pageNewer')}
                </button>
                <button type="button" class="button small" disabled={current === pages - 1} onClick={() => (page.value = current + 1)}>
                  {t('pageOlder')}
                </button>
              </>
            )}
          </div>
          {found.length > 0 && <CallTable entries={found.slice(first, first + pageSize)} />}
        </>
      )}
      <Keeping />
    </div>
  );
}
