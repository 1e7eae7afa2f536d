import type { GrantLimits } from '../../lib/permissions/grant.ts';
import type { ConsentQuestion } from '../../lib/permissions/question.ts';
import { abilitiesText, limitTexts } from '../sites/grant-text.ts';
import { t } from '../text/t.ts';
import type { Wish } from './facts.tsx';

/** What of a wish goes beyond what the site has, a phrase each. */
export function newTexts({ held, connectionId, model }: ConsentQuestion, { choice, abilities, limits }: Wish): string[] {
  if (!held) return [];
  const isAsked = choice.connectionId === connectionId && choice.model === model;
  const added = abilities.filter((ability) => !held.abilities.includes(ability));
  return [
    ...(isAsked && held.hasModel ? [] : [t('newModel', { model: choice.modelName ?? choice.model })]),
    ...(added.length > 0 ? [abilitiesText(added, true)] : []),
    ...limitTexts(raised(held.limits, limits)),
  ];
}

/** The limits that are larger than before, or gone. */
function raised(before: GrantLimits, now: GrantLimits): GrantLimits {
  const names = Object.keys(now) as (keyof GrantLimits)[];
  return Object.fromEntries(
    names.filter((name) => (now[name] ?? 0) > (before[name] ?? Number.POSITIVE_INFINITY)).map((name) => [name, now[name]]),
  );
}
