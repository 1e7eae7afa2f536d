import type { ComponentChildren } from 'preact';
import { type Grant, subjectName } from '../../lib/permissions/grant.ts';
import type { Run } from '../../lib/router/router.ts';
import { spentOf, watchUsage } from '../../lib/usage/ledger.ts';
import { Meter } from '../parts/meter.tsx';
import { useStored } from '../state/use-stored.ts';
import { money, shortNumber } from '../text/format.ts';
import { plural } from '../text/plural.ts';
import { t } from '../text/t.ts';

interface Props {
  grant: Grant;
  /** At work now: their words count already. */
  runs: readonly Run[];
  hasCalls?: boolean;
  /** Shown behind the figures. */
  children?: ComponentChildren;
}

/**
 * What a site used since midnight, against the limit it is nearest to. Nothing before its first call, unless `hasCalls`
 * asks for the zero.
 */
export function Today({ grant, runs, hasCalls = false, children }: Props) {
  const name = subjectName(grant);
  const settled = useStored(() => spentOf(name), watchUsage, name);
  if (!settled || (settled.today.calls === 0 && runs.length === 0 && !hasCalls)) return null;
  const { today, ever } = settled;
  const { tokensPerDay, microUsdPerDay, microUsdTotal } = grant.limits;
  const tokens = today.tokens + runs.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  const used = shortNumber(tokens);
  const spent = money(today.microUsd);
  const lines = [
    {
      share: shareOf(tokens, tokensPerDay),
      text: tokensPerDay === undefined ? t('todayTokens', { used }) : t('todayTokensOf', { used, limit: shortNumber(tokensPerDay) }),
    },
    {
      share: shareOf(today.microUsd, microUsdPerDay),
      text: microUsdPerDay === undefined ? spent : t('moneyOf', { used: spent, limit: money(microUsdPerDay) }),
      isLeftOut: today.microUsd === 0,
    },
    {
      share: shareOf(ever.microUsd, microUsdTotal),
      text: microUsdTotal === undefined ? '' : t('moneyOfTotal', { used: money(ever.microUsd), limit: money(microUsdTotal) }),
      isLeftOut: microUsdTotal === undefined || ever.microUsd === 0,
    },
  ].filter(({ isLeftOut }) => !isLeftOut);
  const fullest = lines.reduce((one, other) => ((other.share ?? -1) > (one.share ?? -1) ? other : one));
  return (
    <div class="row wrap">
      {fullest.share !== undefined && (
        <div class="grow bar">
          <Meter used={fullest.share} limit={1} label={fullest.text} />
        </div>
      )}
      <small>{[hasCalls && plural('calls', today.calls), ...lines.map(({ text }) => text)].filter(Boolean).join(' · ')}</small>
      {fullest.share === undefined && <span class="grow" />}
      {children}
    </div>
  );
}

/** Of what may be used; more than all of it where the user has lowered the limit since. */
function shareOf(used: number, limit: number | undefined): number | undefined {
  if (limit === undefined) return undefined;
  return limit === 0 ? 1 : used / limit;
}
