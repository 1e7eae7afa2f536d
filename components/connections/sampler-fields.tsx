import type { Sampling } from '../../lib/protocol/request.ts';
import { t } from '../text/t.ts';
import { NumberField } from './number-field.tsx';
import { isInUse, type SamplerField, samplerAt, withSampler } from './sampler-table.ts';

interface Props {
  fields: readonly SamplerField[];
  sampling: Sampling | undefined;
  /** The samplers this server takes, by their paths; absent where nobody knows. */
  known: ReadonlySet<string> | undefined;
  onChange(sampling: Sampling | undefined): void;
}

/** Samplers as numbers. Those the server does not know are shown only where one is set, with the word that it is left out. */
export function SamplerFields({ fields, sampling, known, onChange }: Props) {
  return (
    <>
      {fields
        .map((field) => ({ ...field, value: samplerAt(sampling, field.path), isKnown: known?.has(field.path) ?? true }))
        .filter(({ isKnown, value }) => isKnown || value !== undefined)
        .map(({ path, label, min, max, step, isNeeded = false, value, isKnown }) => (
          <NumberField
            key={path}
            id={`sampling-${path}`}
            label={t(label)}
            placeholder={t('serverDecides')}
            hint={isKnown ? undefined : t('samplerLeftOut')}
            isRequired={isNeeded && isInUse(sampling, path)}
            min={min}
            max={max}
            step={step}
            value={value}
            onChange={(next) => onChange(withSampler(sampling, path, next))}
          />
        ))}
    </>
  );
}
