import type { HistoryLevel } from '../../lib/protocol/history.ts';
import { isOn } from '../state/policy.ts';
import { ChoiceField, historyChoices } from './choice-field.tsx';

interface Props {
  id: string;
  label: string;
  hint?: string;
  value: HistoryLevel;
  onChange(value: HistoryLevel): void;
}

/** What activity keeps. The words are offered only where an organisation allows to keep them; what was set before says what holds. */
export function HistoryField({ value, ...field }: Props) {
  if (isOn('fullTextActivity')) return <ChoiceField {...field} value={value} choices={historyChoices} />;
  const { full: _, ...others } = historyChoices;
  return <ChoiceField<Exclude<HistoryLevel, 'full'>> {...field} value={value === 'full' ? 'meta' : value} choices={others} />;
}
