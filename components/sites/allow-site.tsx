import { useSignal } from '@preact/signals';
import { forgetAsking } from '../../lib/permissions/asking.ts';
import type { Grant } from '../../lib/permissions/grant.ts';
import { setGrant } from '../../lib/permissions/grants.ts';
import { consentLimits, consentMoneyLimits } from '../../lib/permissions/limits.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Problem } from '../parts/problem.tsx';
import { activeConnection, activeModel } from '../state/connections.ts';
import { modelNamed } from '../state/models.ts';
import { whereOf } from '../text/place.ts';
import { t } from '../text/t.ts';

/** The answer to a site that could not ask for want of a click on it: the active model, within the usual limits. */
export function AllowSite({ origin }: { origin: string }) {
  const problem = useSignal<ErrorData | undefined>(undefined);
  const connection = activeConnection.value;
  const model = connection && (activeModel.value ?? modelNamed(connection.id, undefined)?.id);

  async function decide(decision: Grant['decision']): Promise<void> {
    problem.value = undefined;
    try {
      const models = connection && [{ connectionId: connection.id, model: model ?? '*', revision: connection.revision }];
      const limits = connection && whereOf(connection).place === 'company' ? { ...consentLimits, ...consentMoneyLimits } : consentLimits;
      await setGrant({ origin, decision, limits, ...(models && { models }) });
      await forgetAsking({ origin });
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }

  return (
    <>
      <div class="row wrap">
        <button type="button" class="button primary small" onClick={() => void decide('session')}>
          {t('allowSession')}
        </button>
        <button type="button" class="button small" onClick={() => void decide('always')}>
          {t('allowAlways')}
        </button>
        <button type="button" class="button plain danger small" onClick={() => void decide('block')}>
          {t('allowNever')}
        </button>
      </div>
      {problem.value && <Problem error={problem.value} />}
    </>
  );
}
