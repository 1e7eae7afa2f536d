import { useSignal } from '@preact/signals';
import { forgetAsking } from '../../lib/permissions/asking.ts';
import type { Grant, GrantAbility, Subject } from '../../lib/permissions/grant.ts';
import { addGrant, setGrant } from '../../lib/permissions/grants.ts';
import { consentLimits, consentMoneyLimits, consentRules } from '../../lib/permissions/limits.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Problem } from '../parts/problem.tsx';
import { activeConnection, activeModel } from '../state/connections.ts';
import { grantOf } from '../state/grants.ts';
import { modelNamed } from '../state/models.ts';
import { listed } from '../text/format.ts';
import { whereOf } from '../text/place.ts';
import { t } from '../text/t.ts';
import { abilitiesText, quotaTexts } from './grant-text.ts';

interface Props {
  subject: Subject;
  /** What its call needed. */
  abilities: readonly GrantAbility[];
}

/** The answer to a site that could not ask for want of a click on it: the active model, or more with the one it has. */
export function AllowSite({ subject: { origin, topOrigin, isPrivate = false }, abilities }: Props) {
  const problem = useSignal<ErrorData | undefined>(undefined);
  const subject = { origin, ...(topOrigin !== undefined && { topOrigin }), isPrivate };
  const held = grantOf(subject);
  const connection = activeConnection.value;
  const model = connection && (activeModel.value ?? modelNamed(connection.id, undefined)?.id);

  const modelName = connection && (modelNamed(connection.id, model)?.name ?? model);
  const costs = connection !== undefined && whereOf(connection).place === 'company';
  const limits = held?.limits ?? (costs ? { ...consentLimits, ...consentMoneyLimits } : consentLimits);
  const given = [...new Set<GrantAbility>(['chat', 'list', ...(held?.abilities ?? []), ...abilities])];

  async function decide(decision: Grant['decision']): Promise<void> {
    problem.value = undefined;
    try {
      if (decision === 'block') await setGrant({ ...subject, decision });
      else if (held) await addGrant({ ...subject, decision, limits, abilities: given, models: held.models });
      else {
        const models = connection && [{ connectionId: connection.id, model: model ?? '*', revision: connection.revision }];
        await setGrant({
          ...subject,
          decision,
          limits,
          rules: consentRules,
          abilities: given,
          source: 'prompt',
          ...(models && { models }),
        });
      }
      await forgetAsking(subject);
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }

  const more = held && given.filter((ability) => !held.abilities.includes(ability));
  return (
    <>
      <small>
        {more
          ? t('asksMore', { abilities: abilitiesText(more) })
          : t('allowWhat', { model: modelName ?? t('anyModel'), limits: listed(quotaTexts(limits)) })}
      </small>
      <div class="row wrap">
        <button type="button" class="button primary small" onClick={() => void decide('session')}>
          {t('allowNow')}
        </button>
        <button type="button" class="button small" onClick={() => void decide('always')}>
          {t('allowOn')}
        </button>
        {held ? (
          <button type="button" class="button plain small" onClick={() => void forgetAsking(subject)}>
            {t('notNow')}
          </button>
        ) : (
          <button type="button" class="button plain danger small" onClick={() => void decide('block')}>
            {t('allowNever')}
          </button>
        )}
      </div>
      {problem.value && <Problem error={problem.value} />}
    </>
  );
}
