import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Connection } from '../../lib/connections/connection.ts';
import type { ModelInfo, Price } from '../../lib/protocol/model.ts';
import { getPrices, setOwnPrice, watchPrices } from '../../lib/usage/prices.ts';
import { changeUsageSettings, getUsageSettings, watchUsageSettings } from '../../lib/usage/settings.ts';
import { connections } from '../state/connections.ts';
import { modelsOf, recallModels } from '../state/models.ts';
import { stored } from '../state/stored.ts';
import { money } from '../text/format.ts';
import { whereOf } from '../text/place.ts';
import { t } from '../text/t.ts';
import { readLimit, shownLimit } from './limits-editor.tsx';

const prices = stored(getPrices, watchPrices);
const settings = stored(getUsageSettings, watchUsageSettings);

/** What models cost, as their services list it or as the user says; and the most a connection may cost a day. */
export function Prices() {
  const costly = (connections.value ?? []).filter((connection) => whereOf(connection).place === 'company');
  if (costly.length === 0) return null;
  return (
    <section class="card pad stack" aria-labelledby="prices">
      <h2 id="prices">{t('prices')}</h2>
      <p class="quiet">{t('pricesText')}</p>
      {costly.map((connection) => (
        <PricesOf key={connection.id} connection={connection} />
      ))}
    </section>
  );
}

function PricesOf({ connection }: { connection: Connection }) {
  const { id, name } = connection;
  const models = modelsOf(id) ?? [];
  const own = prices.value.value?.[id] ?? {};
  const search = useSignal('');
  useEffect(() => void recallModels(id), [id]);
  const wanted = models.filter((model) => `${model.id} ${model.name ?? ''}`.toLowerCase().includes(search.value.toLowerCase()));
  const cap = settings.value.value?.connections[id];
  return (
    <details class="prices">
      <summary>
        {name}
        {cap !== undefined && <small> · {t('limitMoneyDay', { money: money(cap) })}</small>}
      </summary>
      <div class="stack">
        <div class="limits">
          <div class="field">
            <label for={`cap-${id}`}>{t('limitsMoneyDay')}</label>
            <input
              id={`cap-${id}`}
              class="input"
              type="number"
              min={0}
              step={0.01}
              placeholder={t('noLimit')}
              value={shownLimit(cap, 'usd')}
              onChange={(event) => void setCap(id, readLimit(event.currentTarget.value, 'usd'))}
            />
          </div>
          {models.length > shown && (
            <div class="field">
              <label for={`search-${id}`}>{t('searchModels')}</label>
              <input
                id={`search-${id}`}
                class="input"
                type="search"
                value={search.value}
                onInput={(event) => (search.value = event.currentTarget.value)}
              />
            </div>
          )}
        </div>
        {models.length === 0 && <p class="quiet">{t('pricesNoModels')}</p>}
        {wanted.length > 0 && (
          <table class="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('columnModel')}</th>
                <th scope="col">{t('priceInput')}</th>
                <th scope="col">{t('priceOutput')}</th>
              </tr>
            </thead>
            <tbody>
              {wanted.slice(0, shown).map((model) => (
                <PriceLine key={model.id} connectionId={id} model={model} own={own[model.id]} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </details>
  );
}

const shown = 20;

function PriceLine({ connectionId, model, own }: { connectionId: string; model: ModelInfo; own: Price | undefined }) {
  const { id, name = id, price: listed } = model;
  const field = (part: 'inputMicroUsdPerMillion' | 'outputMicroUsdPerMillion', label: string) => (
    <td>
      <input
        class="input"
        type="number"
        min={0}
        step={0.01}
        aria-label={`${name}: ${label}`}
        placeholder={listed ? shownLimit(listed[part], 'usd') : t('unpriced')}
        value={shownLimit(own?.[part], 'usd')}
        onChange={(event) => void setOwnPrice(connectionId, id, changed(own ?? listed, part, readLimit(event.currentTarget.value, 'usd')))}
      />
    </td>
  );
  return (
    <tr>
      <th scope="row" class="any-break">
        {name}
      </th>
      {field('inputMicroUsdPerMillion', t('priceInput'))}
      {field('outputMicroUsdPerMillion', t('priceOutput'))}
    </tr>
  );
}

/** Emptied, what the service lists holds again. */
function changed(
  before: Price | undefined,
  part: 'inputMicroUsdPerMillion' | 'outputMicroUsdPerMillion',
  value: number | undefined,
): Price | undefined {
  if (value === undefined) return undefined;
  return { inputMicroUsdPerMillion: 0, outputMicroUsdPerMillion: 0, ...before, [part]: value };
}

async function setCap(id: string, limit: number | undefined): Promise<void> {
  await changeUsageSettings((before) => {
    const { [id]: _, ...others } = before.connections;
    return { ...before, connections: limit === undefined ? others : { ...others, [id]: limit } };
  });
}
