import type { Plan } from '../../lib/backup/plan.ts';
import type { UsageSettings } from '../../lib/usage/settings.ts';
import { historyChoices, nativeChoices } from '../sites/choice-field.tsx';
import { money, wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';

/** What of prices, limits and switches an import would change, a name and a value each; of what is bounded, from what to what. */
export function preferenceTexts({ added, now, then }: NonNullable<Plan['preferences']>): [name: string, value: string][] {
  const lines: [string, string, string?][] = [];
  const differs = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other);
  const prices = Object.values(added.prices ?? {}).reduce((sum, models) => sum + Object.keys(models).length, 0);
  if (prices > 0) lines.push([t('importPrices', { count: wholeNumber(prices) }), '']);
  lines.push([t('importCap'), capText(then.spending.microUsdPerDay), capText(now.spending.microUsdPerDay)]);
  const caps = Object.keys(added.spending?.connections ?? {}).length;
  if (caps > 0) lines.push([t('importCaps', { count: wholeNumber(caps) }), '']);
  lines.push([t('importKeep'), keepText(then.spending), keepText(now.spending)]);
  lines.push([t('keepOwn'), t(historyChoices[then.spending.ownHistory]), t(historyChoices[now.spending.ownHistory])]);
  lines.push([t('historyUsual'), t(historyChoices[then.switches.history]), t(historyChoices[now.switches.history])]);
  if (then.switches.privateInherits !== now.switches.privateInherits)
    lines.push([t(then.switches.privateInherits ? 'importPrivateOn' : 'importPrivateOff'), '']);
  if (then.switches.isPaused && !now.switches.isPaused) lines.push([t('importPaused'), '']);
  lines.push([t('nativeLabel'), t(nativeChoices[then.native.usual]), t(nativeChoices[now.native.usual])]);
  const sites = Object.keys(added.native?.sites ?? {}).length;
  if (sites > 0 && differs(then.native.sites, now.native.sites)) lines.push([t('importNativeSites', { count: wholeNumber(sites) }), '']);
  return lines.flatMap(([name, after, before]): [string, string][] => {
    if (before === undefined) return [[name, after]];
    return before === after ? [] : [[name, t('importWas', { now: after, before })]];
  });
}

function capText(microUsd: number | undefined): string {
  return microUsd === undefined ? t('noLimit') : money(microUsd);
}

function keepText({ keepDays, keepEntries }: UsageSettings): string {
  return t('importKeepValue', { calls: wholeNumber(keepEntries), days: wholeNumber(keepDays) });
}
