import { language, wholeNumber } from './format.ts';
import { t } from './t.ts';

/** `1 model`, `6 models`: the catalogue has one text for one and one for the rest. */
export function plural(kind: keyof typeof kinds, count: number): string {
  const form = new Intl.PluralRules(language()).select(count) === 'one' ? 'one' : 'other';
  return t(kinds[kind][form], { count: wholeNumber(count) });
}

const kinds = {
  models: { one: 'countModelsOne', other: 'countModelsOther' },
  tokens: { one: 'countTokensOne', other: 'countTokensOther' },
  leftOut: { one: 'leftOutOne', other: 'leftOutOther' },
  calls: { one: 'countCallsOne', other: 'countCallsOther' },
} as const;
