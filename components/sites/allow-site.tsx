import { useSignal } from '@preact/signals';
import { forgetAsking } from '../../lib/permissions/asking.ts';
import type { Grant } from '../../lib/permissions/grant.ts';
import { setGrant } from '../../lib/permissions/grants.ts';
import { consentLimits, consentMoneyLimits } from '../../lib/permissions/limits.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Problem } from '../parts/problem.tsx';
import { activeConnection, activeModel } from '../state/connections.ts';
import { modelNamed } from '../state/models.ts';
import { listed } from '../text/format.ts';
import { whereOf } from '../text/place.ts';
import { t } from '../text/t.ts';
import { limitTexts } from './grant-text.ts';

/** The answer to a site that could not ask for want of a click on it: the active model, within the usual limits. */
export function AllowSite({ origin }: { origin: string }) {
  const problem = useSignal<ErrorData | undefined>(undefined);
  const connection = activeConnection.value;
  const model = connection && (activeModel.value ?? modelNamed(connection.id, undefined)?.id);

  const modelName = connection && (modelNamed(connection.id, model)?.name ?? model);
  const costs = connection !== undefined && whereOf(connection).place === 'company';
  const limits = costs ? { ...consentLimits, ...consentMoneyLimits } : consentLimits;
  const { callsPerMinute: _, concurrent: __, ...quotas } = limits;

  async function decide(decision: Grant['decision']): Promise<void> {
    problem.value = undefined;
    try {
      const models = connection && [{ connectionId: connection.id, model: model ?? '*', revision: connection.revision }];
      await setGrant({ origin, decision, limits, ...(models && { models }) });
      await forgetAsking({ origin });
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }

  return (
    <>
      <small>{t('allowWhat', { model: modelName ?? t('anyModel'), limits: listed(limitTexts(quotas)) })}</small>
      <div class="row wrap">
        <button type="button" class="button primary small" onClick={() => void decide('session')}>
          {t('allowNow')}
        </button>
        <button type="button" class="button small" onClick={() => void decide('always')}>
          {t('allowOn')}
        </button>
        <button type="button" class="button plain danger small" onClick={() => void decide('block')}>
          {t('allowNever')}
        </button>
      </div>
      {problem.value && <Problem error={problem.value} />}
    </>
  );
}
