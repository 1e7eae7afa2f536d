import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Field, Offer } from '../../lib/backends/backend.ts';
import { request } from '../../lib/panel/background.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { t, textOf } from '../text/t.ts';
import { listedValues, toggledValue } from './offered-values.ts';

interface Props {
  connectionId: string;
  field: Field;
  /** The text of the field: one value, or several with commas between. */
  value: string;
  onChange(value: string): void;
  onClose(): void;
}

/** What the server has for a field, to be chosen from. */
export function OffersDialog({ connectionId, field, value, onChange, onClose }: Props) {
  const offers = useSignal<Offer[] | undefined>(undefined);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const search = useSignal('');
  const ask = () => {
    problem.value = undefined;
    request('offers', { connectionId, field: field.name }).then(
      (found) => (offers.value = found),
      (thrown) => (problem.value = errorData(toSwitchboardError(thrown))),
    );
  };
  useEffect(ask, []);

  const isOne = field.offers === 'one';
  const chosen = isOne ? [value.trim()] : listedValues(value);
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = offers.value?.filter((offer) => {
    const text = `${offer.value} ${offer.name ?? ''} ${offer.detail ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <Dialog title={textOf(field.label)} onClose={onClose}>
      <input
        class="input"
        type="search"
        autofocus
        aria-label={t('search')}
        placeholder={t('search')}
        value={search.value}
        onInput={(event) => (search.value = event.currentTarget.value)}
        // It stands in the form of the connection, which Enter would save.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
      {problem.value && <Problem error={problem.value} can={{ retry: ask }} />}
      {!offers.value && !problem.value && <Lamp state="busy">{t('looking')}</Lamp>}
      {matching?.length === 0 && <p class="quiet">{t('offersNone')}</p>}
      <ul class="plain lines offers">
        {matching?.map((offer) => (
          <li key={offer.value}>
            <label class="check">
              <input
                type={isOne ? 'radio' : 'checkbox'}
                name={`offer-${field.name}`}
                checked={chosen.includes(offer.value)}
                onChange={() => onChange(isOne ? offer.value : toggledValue(value, offer.value))}
              />
              <span>
                <strong class="any-break">{offer.name ?? offer.value}</strong>
                {(offer.detail ?? (offer.name !== undefined && offer.name !== offer.value)) && (
                  <>
                    <br />
                    <small class="any-break">{offer.detail ?? offer.value}</small>
                  </>
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={(event) => event.currentTarget.closest('dialog')?.close()}>
        {t('done')}
      </button>
    </Dialog>
  );
}
