import type { Patience } from '../../lib/connections/connection.ts';
import { t } from '../text/t.ts';
import { NumberField } from './number-field.tsx';

interface Props {
  patience: Patience;
  onChange(patience: Patience): void;
}

/** How long to wait. An empty field means the usual time, which is long for one's own servers and short for companies. */
export function PatienceFields({ patience, onChange }: Props) {
  return (
    <details class="card pad">
      <summary>
        <strong>{t('patience')}</strong> <small>{t('patienceHint')}</small>
      </summary>
      <div class="three">
        {fields.map(({ name, label }) => (
          <NumberField
            key={name}
            id={`patience-${name}`}
            label={t(label)}
            placeholder={t('usual')}
            min={0}
            max={86_400}
            value={patience[name]}
            onChange={(seconds) => {
              const { [name]: _, ...others } = patience;
              onChange(seconds === undefined ? others : { ...others, [name]: seconds });
            }}
          />
        ))}
      </div>
    </details>
  );
}

const fields = [
  { name: 'firstWordSeconds', label: 'patienceFirst' },
  { name: 'silenceSeconds', label: 'patienceSilence' },
  { name: 'retrySeconds', label: 'patienceRetry' },
] as const;
