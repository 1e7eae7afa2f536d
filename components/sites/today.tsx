import type { ComponentChildren } from 'preact';
import type { Grant } from '../../lib/permissions/grant.ts';
import type { Run } from '../../lib/router/router.ts';
import { today, watchUsage } from '../../lib/usage/ledger.ts';
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

/** What a site used since midnight, against its limits. Nothing before its first call, unless `hasCalls` asks for the zero. */
export function Today({ grant: { origin, limits }, runs, hasCalls = false, children }: Props) {
  const settled = useStored(() => today(origin), watchUsage, origin);
  if (!settled || (settled.calls === 0 && runs.length === 0 && !hasCalls)) return null;
  const { tokensPerDay, microUsdPerDay } = limits;
  const tokens = settled.tokens + runs.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  const used = shortNumber(tokens);
  const text = tokensPerDay === undefined ? t('todayTokens', { used }) : t('todayTokensOf', { used, limit: shortNumber(tokensPerDay) });
  const spent = money(settled.microUsd);
  const cost = microUsdPerDay === undefined ? spent : t('moneyOf', { used: spent, limit: money(microUsdPerDay) });
  return (
    <div class="row">
      {tokensPerDay !== undefined && (
        <div class="grow">
          <Meter used={tokens} limit={tokensPerDay} label={text} />
        </div>
      )}
      <small>{[hasCalls && plural('calls', settled.calls), text, settled.microUsd > 0 && cost].filter(Boolean).join(' · ')}</small>
      {tokensPerDay === undefined && <span class="grow" />}
      {children}
    </div>
  );
}
