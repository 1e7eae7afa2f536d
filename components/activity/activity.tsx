import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { wipeActivity, wipeActivityOf } from '../../lib/usage/history.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { download } from '../parts/download.ts';
import { connectionNamed } from '../state/connections.ts';
import { wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { CallTable } from './call-table.tsx';
import { Charts } from './charts.tsx';
import { readEntries } from './entries.ts';
import { originText, searchText } from './entry-text.ts';
import { toCsv, toJson } from './export.ts';
import { everything, type Filter, matching } from './filter.ts';
import { Filters } from './filters.tsx';
import { Keeping } from './keeping.tsx';
import { useWords } from './use-words.ts';

/** Lines on one page: what a screen can be looked through, and what a browser lays out at once. */
const pageSize = 50;
const nothing: readonly ActivityEntry[] = [];

/** What each site asked, of which model, and what it took; charts, search, export, and an end to it. */
export function Activity() {
  const entries = useMemo(readEntries, []);
  const filter = useSignal<Filter>(everything);
  const page = useSignal(0);
  useEffect(() => entries.stop, []);
  const all = entries.list.value;
  const words = useWords(all ?? nothing, filter.value.text);
  const found = useMemo(() => matching(all ?? nothing, filter.value, searchText, words.found), [all, filter.value, words.found]);
  const pages = Math.max(1, Math.ceil(found.length / pageSize));
  const current = Math.min(page.value, pages - 1);
  const first = current * pageSize;
  const { origin } = filter.value;

  async function wipe(): Promise<void> {
    if (origin === '') await wipeActivity();
    else await wipeActivityOf(origin);
    filter.value = { ...filter.value, origin: '' };
    await entries.reload();
  }
  async function saveJson(): Promise<void> {
    download('switchboard-activity.json', 'application/json', await toJson(found));
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
            <button type="button" class="button" disabled={!entries.isWhole.value} onClick={() => void saveJson()}>
              {t('exportJson')}
            </button>
            <ConfirmButton
              key={origin}
              question={origin === '' ? t('activityWipeSure') : t('activityWipeSiteSure', { site: originText(origin) })}
              onConfirm={() => void wipe()}
            >
              {t(origin === '' ? 'activityWipe' : 'activityWipeSite')}
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
              {words.isSearching && `${t('filterSearching')} `}
              {found.length === 0
                ? !words.isSearching && t('activityNothing')
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
