import type { Grant, GrantAbility, GrantLimits, Subject } from '../../lib/permissions/grant.ts';
import { connectionNamed } from '../state/connections.ts';
import { modelNamed } from '../state/models.ts';
import { listed, money, wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';

/** Which models a site may use, in words. */
export function grantedModelsText({ models }: Pick<Grant, 'models'>): string {
  const names = models.map(({ connectionId, model }) => {
    if (connectionId === '*') return t('anyModel');
    const connection = connectionNamed(connectionId);
    if (model === '*') return t('anyModelOf', { connection: connection?.name ?? t('removedConnection') });
    return modelNamed(connectionId, model)?.name ?? model;
  });
  return listed([...new Set(names)]);
}

/** A site, or a frame inside a site: `widget.example inside shop.example`. */
export function subjectText({ origin, topOrigin }: Subject): string {
  const short = (text: string) => text.replace(/^https:\/\//, '');
  return topOrigin === undefined ? short(origin) : t('siteInside', { frame: short(origin), page: short(topOrigin) });
}

/** `chat, tools and pictures`; that it sees the names of its models is said where everything is (`isWhole`), or there is nothing else. */
export function abilitiesText(abilities: readonly GrantAbility[], isWhole = false): string {
  const order = Object.keys(abilityTexts) as GrantAbility[];
  const given = order.filter((ability) => abilities.includes(ability));
  const said = isWhole || given.length === 1 ? given : given.filter((ability) => ability !== 'list');
  return listed(said.map((ability) => t(abilityTexts[ability])));
}

export const abilityTexts = {
  chat: 'mayDoChat',
  tools: 'mayDoTools',
  images: 'mayDoImages',
  embed: 'mayDoEmbed',
  list: 'mayDoList',
} as const;

/** The limits of a grant as short phrases: `200,000 tokens a day`. */
export function limitTexts(limits: GrantLimits): string[] {
  const { tokensPerDay, microUsdPerDay, microUsdTotal, callsPerMinute, callsPerDay, concurrent, inputTokensPerCall, outputTokensPerCall } =
    limits;
  return [
    tokensPerDay !== undefined && t('limitTokensDay', { tokens: wholeNumber(tokensPerDay) }),
    microUsdPerDay !== undefined && t('limitMoneyDay', { money: money(microUsdPerDay) }),
    microUsdTotal !== undefined && t('limitMoneyTotal', { money: money(microUsdTotal) }),
    inputTokensPerCall !== undefined && t('limitInput', { tokens: wholeNumber(inputTokensPerCall) }),
    outputTokensPerCall !== undefined && t('limitOutput', { tokens: wholeNumber(outputTokensPerCall) }),
    callsPerMinute !== undefined && t('limitCallsMinute', { calls: wholeNumber(callsPerMinute) }),
    callsPerDay !== undefined && t('limitCallsDay', { calls: wholeNumber(callsPerDay) }),
    concurrent !== undefined && t('limitConcurrent', { calls: wholeNumber(concurrent) }),
  ].filter((text) => text !== false);
}

/** What it may use up, without how fast it may ask. */
export function quotaTexts({ tokensPerDay, microUsdPerDay, microUsdTotal }: GrantLimits): string[] {
  return limitTexts({
    ...(tokensPerDay !== undefined && { tokensPerDay }),
    ...(microUsdPerDay !== undefined && { microUsdPerDay }),
    ...(microUsdTotal !== undefined && { microUsdTotal }),
  });
}

/** How long a grant lasts. */
export function decisionText(decision: Grant['decision']): string {
  return t(decisions[decision]);
}

const decisions = { once: 'grantOnce', session: 'grantSession', always: 'grantAlways', block: 'grantBlock' } as const;
