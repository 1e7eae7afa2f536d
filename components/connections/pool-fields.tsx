import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { PoolConfig } from '../../lib/backends/pool.ts';
import { connections } from '../state/connections.ts';
import { type PlainKey, t } from '../text/t.ts';
import type { ConnectionForm } from './form.ts';
import { PoolMember } from './pool-member.tsx';
import { type Row, usePoolRows } from './use-pool-rows.ts';

/** What a pool is: whom it asks, in which order, and how it chooses among them. */
export function PoolFields({ form }: { form: ConnectionForm }) {
  const { strategy } = form.config.value as unknown as PoolConfig;
  const rows = usePoolRows(form);
  const said = useSignal('');
  const move = (row: Row, by: 1 | -1) => {
    const place = rows.move(row, by);
    said.value = t('poolMoved', { name: nameOf(row), place: place + 1 });
  };
  return (
    <>
      <fieldset class="field">
        <legend>{t('poolStrategy')}</legend>
        <div class="two">
          {strategies.map(({ value, label, hint }) => (
            <label key={value} class="card pad check">
              <input
                type="radio"
                name="strategy"
                value={value}
                checked={strategy === value}
                onChange={() => form.setConfig('strategy', value)}
              />
              <span>
                <strong>{t(label)}</strong>
                <br />
                <small>{t(hint)}</small>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <section class="field" aria-label={t('poolMembers')}>
        <h2>{t('poolMembers')}</h2>
        {rows.all.length > 0 && (
          <ol class="plain card lines">
            {rows.all.map((row, index) => (
              <PoolMember
                key={row.key}
                row={row}
                place={index + 1}
                isLast={index === rows.all.length - 1}
                isOrdered={strategy === 'fallback'}
                onMove={(by) => move(row, by)}
                onModel={(model) => rows.setModel(row, model)}
                onRemove={() => rows.remove(row)}
              />
            ))}
          </ol>
        )}
        <AddMember onAdd={rows.add} />
        <span class="visually-hidden" aria-live="polite">
          {said.value}
        </span>
      </section>
    </>
  );
}

function AddMember({ onAdd }: { onAdd(connectionId: string): void }) {
  const chosen = useSignal('');
  const id = useId();
  const possible = (connections.value ?? []).filter(({ backend }) => backend !== 'pool');
  if (possible.length === 0) return <p class="quiet">{t('poolNobody')}</p>;
  return (
    <div class="field">
      <label for={id}>{t('poolAdd')}</label>
      <div class="row">
        <select id={id} class="input" value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}>
          <option value="">{t('poolChoose')}</option>
          {possible.map((connection) => (
            <option key={connection.id} value={connection.id}>
              {connection.name}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="button"
          disabled={chosen.value === ''}
          onClick={() => {
            onAdd(chosen.value);
            chosen.value = '';
          }}
        >
          {t('add')}
        </button>
      </div>
    </div>
  );
}

function nameOf({ member }: Row): string {
  return connections.value?.find(({ id }) => id === member.connectionId)?.name ?? t('removedConnection');
}

const strategies = [
  { value: 'fallback', label: 'poolFallback', hint: 'poolFallbackHint' },
  { value: 'spread', label: 'poolSpread', hint: 'poolSpreadHint' },
] as const satisfies { value: PoolConfig['strategy']; label: PlainKey; hint: PlainKey }[];
