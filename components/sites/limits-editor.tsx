import type { GrantLimits } from '../../lib/permissions/grant.ts';
import { t } from '../text/t.ts';

interface Props {
  limits: GrantLimits;
  onChange(limits: GrantLimits): void;
  /** Tells the labels of two editors on one page apart. */
  idPrefix: string;
}

/** What a site is held to. An empty field is no limit of that kind. */
export function LimitsEditor({ limits, onChange, idPrefix }: Props) {
  return (
    <div class="limits">
      {fields.map(({ name, label, unit }) => (
        <div key={name} class="field">
          <label for={`${idPrefix}-${name}`}>{t(label)}</label>
          <input
            id={`${idPrefix}-${name}`}
            class="input"
            type="number"
            min={0}
            step={unit === 'usd' ? 0.01 : 1}
            placeholder={t('noLimit')}
            value={shownLimit(limits[name], unit)}
            onChange={(event) => onChange(withLimit(limits, name, readLimit(event.currentTarget.value, unit)))}
          />
        </div>
      ))}
    </div>
  );
}

const fields = [
  { name: 'tokensPerDay', label: 'limitsTokensDay', unit: 'count' },
  { name: 'microUsdPerDay', label: 'limitsMoneyDay', unit: 'usd' },
  { name: 'microUsdTotal', label: 'limitsMoneyTotal', unit: 'usd' },
  { name: 'inputTokensPerCall', label: 'limitsInput', unit: 'count' },
  { name: 'outputTokensPerCall', label: 'limitsOutput', unit: 'count' },
  { name: 'callsPerMinute', label: 'limitsCallsMinute', unit: 'count' },
  { name: 'callsPerDay', label: 'limitsCallsDay', unit: 'count' },
  { name: 'concurrent', label: 'limitsConcurrent', unit: 'count' },
] as const satisfies { name: keyof GrantLimits; label: string; unit: 'count' | 'usd' }[];

/** As a field shows it; money in dollars. */
export function shownLimit(value: number | undefined, unit: 'count' | 'usd'): string {
  if (value === undefined) return '';
  return String(unit === 'usd' ? value / 1_000_000 : value);
}

/** Undefined for an empty field, and for what is no number. */
export function readLimit(text: string, unit: 'count' | 'usd'): number | undefined {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) return undefined;
  return Math.round(unit === 'usd' ? value * 1_000_000 : value);
}

function withLimit(limits: GrantLimits, name: keyof GrantLimits, value: number | undefined): GrantLimits {
  const { [name]: _, ...others } = limits;
  return value === undefined ? others : { ...others, [name]: value };
}
