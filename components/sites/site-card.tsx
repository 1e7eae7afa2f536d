import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Grant } from '../../lib/permissions/grant.ts';
import { revokeGrant, setGrant } from '../../lib/permissions/grants.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Badge } from '../parts/badge.tsx';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { runsOf, stopSite } from '../state/runs.ts';
import { moment } from '../text/format.ts';
import { t } from '../text/t.ts';
import { GrantEditor } from './grant-editor.tsx';
import { abilitiesText, decisionText, grantedModelsText, limitTexts, subjectText } from './grant-text.ts';
import { NativeField } from './native-field.tsx';
import { runText } from './run-text.ts';
import { Today } from './today.tsx';

/** One site: what it may do, what it did today, and how to change or end that. */
export function SiteCard({ grant, isOpen }: { grant: Grant; isOpen: boolean }) {
  const isEditing = useSignal(isOpen);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const card = useRef<HTMLElement>(null);
  const isBlocked = grant.decision === 'block';
  const runs = runsOf(grant);
  useEffect(() => {
    if (isOpen) card.current?.scrollIntoView({ block: 'center' });
  }, [isOpen]);

  async function change(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      problem.value = undefined;
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }
  const { origin, topOrigin } = grant;
  const subject = { origin, ...(topOrigin !== undefined && { topOrigin }) };

  return (
    <article class="card pad stack" ref={card}>
      <div class="row wrap">
        <Badge site name={new URL(origin).host} />
        <div class="grow name">
          <strong class="any-break">
            <bdi>{topOrigin === undefined ? origin : subjectText(grant)}</bdi>
          </strong>
          <br />
          {runs.length > 0 ? (
            <Lamp state="busy">{runText(runs)}</Lamp>
          ) : (
            <Lamp state={isBlocked ? 'off' : 'ok'}>
              {isBlocked ? t('siteBlocked') : t('siteMayUse', { models: grantedModelsText(grant) })}
            </Lamp>
          )}
        </div>
        {runs.length > 0 && (
          <button type="button" class="button danger" onClick={() => void stopSite(grant)}>
            {t('stop')}
          </button>
        )}
        {!isBlocked && (
          <button type="button" class="button" aria-expanded={isEditing.value} onClick={() => (isEditing.value = !isEditing.value)}>
            {t('edit')}
          </button>
        )}
        {isBlocked ? (
          <button type="button" class="button" onClick={() => void change(() => revokeGrant(subject))}>
            {t('unblock')}
          </button>
        ) : (
          <ConfirmButton question={t('revokeSure')} onConfirm={() => void change(() => revokeGrant(subject))}>
            {t('revoke')}
          </ConfirmButton>
        )}
      </div>
      {!isBlocked && <small>{summary(grant)}</small>}
      {!isBlocked && <Today grant={grant} runs={runs} hasCalls />}
      {isEditing.value && !isBlocked && (
        <>
          <GrantEditor key={JSON.stringify(grant)} grant={grant} onDone={() => (isEditing.value = false)} />
          <div class="row wrap between">
            {topOrigin === undefined && <NativeField origin={origin} />}
            <button
              type="button"
              class="button plain danger"
              onClick={() => void change(() => setGrant({ ...subject, decision: 'block' }))}
            >
              {t('neverHere')}
            </button>
          </div>
        </>
      )}
      {problem.value && <Problem error={problem.value} />}
    </article>
  );
}

function summary(grant: Grant): string {
  const { decision, abilities, limits, expiresAt, lastUsedAt } = grant;
  return [
    decisionText(decision),
    abilitiesText(abilities),
    ...limitTexts(limits),
    expiresAt && t('grantUntil', { time: moment(expiresAt) }),
    lastUsedAt && t('grantUsed', { time: moment(lastUsedAt) }),
  ]
    .filter(Boolean)
    .join(' · ');
}
