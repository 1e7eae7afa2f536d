import { useSignal } from '@preact/signals';
import { subjectOf } from '../../lib/permissions/grant.ts';
import { type DayRow, spentSince } from '../../lib/usage/history.ts';
import { watchUsage } from '../../lib/usage/ledger.ts';
import { ChoiceField } from '../sites/choice-field.tsx';
import { subjectText } from '../sites/grant-text.ts';
import { connectionNamed } from '../state/connections.ts';
import { modelNamed } from '../state/models.ts';
import { useStored } from '../state/use-stored.ts';
import { money, shortNumber, wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { type Bar, barsByDay, largestBars, type Metric, total } from './bars.ts';

const dayMs = 24 * 3_600_000;
/** Bars of sites and of models. */
const mostBars = 8;

/** What was used by day, by site and by model, out of the ledger: also of calls that activity has forgotten. */
export function Charts() {
  const metric = useSignal<Metric>('tokens');
  const days = useSignal<'7' | '30' | '90'>('30');
  const count = Number(days.value);
  const rows = useStored(() => spentSince(Date.now() - (count - 1) * dayMs), watchUsage, days.value);
  if (!rows || rows.length === 0) return null;
  const shown = (bar: Bar) => valueText(bar, metric.value);
  const byDay = barsByDay(rows, metric.value, count, Date.now());
  const all = total(byDay);
  return (
    <section class="card pad stack charts" aria-labelledby="charts">
      <div class="row wrap">
        <h2 id="charts" class="grow">
          {t('chartsTotal', { total: shown(all) })}
        </h2>
        <ChoiceField
          id="metric"
          label={t('chartsShow')}
          value={metric.value}
          choices={metrics}
          onChange={(next) => (metric.value = next)}
        />
        <ChoiceField id="days" label={t('chartsPeriod')} value={days.value} choices={periods} onChange={(next) => (days.value = next)} />
      </div>
      <DayChart bars={byDay} shown={shown} />
      <div class="halves">
        <BarTable
          title={t('chartsSites')}
          bars={largestBars(rows, metric.value, ({ origin }) => siteName(origin), mostBars)}
          shown={shown}
        />
        <BarTable title={t('chartsModels')} bars={largestBars(rows, metric.value, modelName, mostBars)} shown={shown} />
      </div>
    </section>
  );
}

const metrics = { tokens: 'metricTokens', money: 'metricMoney', calls: 'metricCalls' } as const;
const periods = { 7: 'period7', 30: 'period30', 90: 'period90' } as const;

/** A column a day; the same as a table for whoever does not see it. */
function DayChart({ bars, shown }: { bars: Bar[]; shown(bar: Bar): string }) {
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  const width = 100 / bars.length;
  const [first, last] = [bars[0]?.name ?? '', bars.at(-1)?.name ?? ''];
  return (
    <figure class="days">
      <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={t('chartsDays', { first, last })}>
        {bars.map((bar, index) => (
          <rect
            key={bar.name}
            x={index * width + width * 0.15}
            y={40 - (bar.value / highest) * 40}
            width={width * 0.7}
            height={(bar.value / highest) * 40}
          >
            <title>{`${bar.name}: ${shown(bar)}`}</title>
          </rect>
        ))}
      </svg>
      <figcaption class="row">
        <small class="grow">{first}</small>
        <small>{last}</small>
      </figcaption>
      <details>
        <summary>
          <small>{t('chartsAsTable')}</small>
        </summary>
        <BarTable title={t('chartsByDay')} bars={bars.filter(({ value }) => value > 0).reverse()} shown={shown} />
      </details>
    </figure>
  );
}

function BarTable({ title, bars, shown }: { title: string; bars: Bar[]; shown(bar: Bar): string }) {
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <table class="bars">
      <caption>{title}</caption>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.name}>
            <th scope="row" class="any-break">
              {bar.name || t('chartsRest')}
            </th>
            <td class="bar">
              <span style={{ inlineSize: `${(bar.value / highest) * 100}%` }} />
            </td>
            <td class="number">{shown(bar)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Money of calls without a price is not known, and that is said. */
function valueText({ value, unpriced }: Bar, metric: Metric): string {
  if (metric === 'tokens') return shortNumber(value);
  if (metric === 'calls') return wholeNumber(value);
  return unpriced > 0 ? t('moneyAndUnpriced', { money: money(value), calls: wholeNumber(unpriced) }) : money(value);
}

function siteName(origin: string): string {
  const subject = subjectOf(origin);
  return subject ? subjectText(subject) : t('ownChat');
}

function modelName({ connectionId, model }: DayRow): string {
  const name = modelNamed(connectionId, model)?.name ?? model;
  const connection = connectionNamed(connectionId)?.name;
  return connection === undefined ? name : t('modelOf', { model: name, connection });
}
