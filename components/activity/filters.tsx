import { useMemo } from 'preact/hooks';
import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { t } from '../text/t.ts';
import { originText } from './entry-text.ts';
import { choicesOf, everything, type Filter, isFiltered } from './filter.ts';

interface Props {
  entries: readonly ActivityEntry[];
  filter: Filter;
  onChange(filter: Filter): void;
}

/** Which of the calls are shown. */
export function Filters({ entries, filter, onChange }: Props) {
  // Going through all of them takes longer than a letter should.
  const origins = useMemo(() => choicesOf(entries, 'origin'), [entries]);
  const hasWords = useMemo(() => entries.some(({ hasText }) => hasText), [entries]);
  const models = useMemo(() => choicesOf(entries, 'model'), [entries]);
  const change = (more: Partial<Filter>) => onChange({ ...filter, ...more });
  return (
    <search class="filters">
      <div class="field wide">
        <label for="filter-text">{t('filterText')}</label>
        <input
          id="filter-text"
          class="input"
          type="search"
          value={filter.text}
          placeholder={hasWords ? t('filterWords') : undefined}
          onInput={(event) => change({ text: event.currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for="filter-site">{t('columnSite')}</label>
        <select id="filter-site" class="input" value={filter.origin} onChange={(event) => change({ origin: event.currentTarget.value })}>
          <option value="">{t('filterAll')}</option>
          {origins.map((origin) => (
            <option key={origin} value={origin}>
              {originText(origin)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="filter-model">{t('columnModel')}</label>
        <select id="filter-model" class="input" value={filter.model} onChange={(event) => change({ model: event.currentTarget.value })}>
          <option value="">{t('filterAll')}</option>
          {models.map((model) => (
            <option key={model} value={model}>
              {model}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="filter-outcome">{t('columnOutcome')}</label>
        <select
          id="filter-outcome"
          class="input"
          value={filter.outcome}
          onChange={(event) => change({ outcome: event.currentTarget.value as Filter['outcome'] })}
        >
          <option value="">{t('filterAll')}</option>
          <option value="done">{t('outcomeDone')}</option>
          <option value="failed">{t('outcomeFailed')}</option>
        </select>
      </div>
      <div class="field">
        <label for="filter-from">{t('filterFrom')}</label>
        <input
          id="filter-from"
          class="input"
          type="date"
          value={filter.from}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for="filter-to">{t('filterTo')}</label>
        <input id="filter-to" class="input" type="date" value={filter.to} onChange={(event) => change({ to: event.currentTarget.value })} />
      </div>
      {isFiltered(filter) && (
        <button type="button" class="button plain" onClick={() => onChange(everything)}>
          {t('filterNone')}
        </button>
      )}
    </search>
  );
}
