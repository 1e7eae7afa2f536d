import type { Grant, GrantAbility, GrantLimits } from '../permissions/grant.ts';
import { slowed } from '../permissions/limits.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Ability } from '../protocol/model.ts';
import type { SiteCaller } from './caller.ts';
import type { Wanted } from './question-content.ts';
import type { Resolved } from './resolve.ts';

/** Whether a call needs more than the grant gives, so that the user has to be asked again. Our own pages have no grant. */
export function lacks(grant: Grant | undefined, { abilities, inputTokens = 0 }: Wanted): boolean {
  if (!grant) return false;
  const { inputTokensPerCall = Number.POSITIVE_INFINITY } = grant.limits;
  return inputTokens > inputTokensPerCall || abilities.some((ability) => !grant.abilities.includes(ability));
}

/** What a grant must allow for a call that needs this of its model. */
export function grantAbilitiesFor(needs: Ability[]): GrantAbility[] {
  const found = new Set<GrantAbility>([needs.includes('embed') ? 'embed' : 'chat']);
  for (const need of needs) {
    if (need === 'tools') found.add('tools');
    if (need === 'images' || need === 'audio' || need === 'files') found.add('images');
  }
  return [...found];
}

/** Which rule a call broke, and with which model: for activity. */
export interface RuleBroken {
  limit: 'whenHidden' | 'gesture';
  target: Resolved;
}

/** Throws where the rules of the grant want the user at the page: to see it, or to have clicked. */
export function refuseByRules(target: Resolved, caller: SiteCaller): void {
  const { grant } = target;
  if (!grant) return;
  const { whenHidden, gesture } = grant.rules;
  if (whenHidden === 'refuse' && isHidden(caller)) {
    throw needsUser(
      { limit: 'whenHidden', target },
      'This site may call only while the user sees the page. Call again once it is in front.',
    );
  }
  const hasGesture = { never: true, first: caller.wasActive?.() ?? caller.isActive(), each: caller.isClicked?.() ?? false }[gesture];
  if (!hasGesture)
    throw needsUser({ limit: 'gesture', target }, 'This site may call only after a click or a key on the page. Call from its handler.');
}

/** The limits that hold for a call of this page now. */
export function limitsNow(grant: Grant | undefined, caller: SiteCaller): GrantLimits {
  if (!grant) return {};
  return grant.rules.whenHidden === 'slow' && isHidden(caller) ? slowed(grant.limits) : grant.limits;
}

function isHidden({ isVisible }: SiteCaller): boolean {
  return isVisible?.() === false;
}

function needsUser(cause: RuleBroken, message: string): SwitchboardError {
  return new SwitchboardError('needs-user', message, { cause });
}
