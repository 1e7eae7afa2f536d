import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Grant, GrantLimits } from '../../lib/permissions/grant.ts';
import { addGrant, revokeGrant } from '../../lib/permissions/grants.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Badge } from '../parts/badge.tsx';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { runsOf, stopSite } from '../state/runs.ts';
import { moment } from '../text/format.ts';
import { t } from '../text/t.ts';
import { decisionText, grantedModelsText, limitTexts } from './grant-text.ts';
import { LimitsEditor } from './limits-editor.tsx';
import { runText } from './run-text.ts';
import { Today } from './today.tsx';

/** One site: what it may do, what it did today, and how to change or end that. */
export function SiteCard({ grant, isOpen }: { grant: Grant; isOpen: boolean }) {
  const isEditing = useSignal(isOpen);
  const limits = useSignal<GrantLimits>(grant.limits);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const card = useRef<HTMLElement>(null);
  const isBlocked = grant.decision === 'block';
  const runs = runsOf(grant.origin);
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
  const save = () =>
    change(async () => {
      const { origin, models, decision } = grant;
      await addGrant({ origin, models, decision, limits: limits.value });
      isEditing.value = false;
    });

  return (
    <article class="card pad stack" ref={card}>
      <div class="row wrap">
        <Badge site name={new URL(grant.origin).host} />
        <div class="grow name">
          <strong class="any-break">
            <bdi>{grant.origin}</bdi>
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
          <button type="button" class="button danger" onClick={() => void stopSite(grant.origin)}>
            {t('stop')}
          </button>
        )}
        {!isBlocked && (
          <button type="button" class="button" aria-expanded={isEditing.value} onClick={() => (isEditing.value = !isEditing.value)}>
            {t('edit')}
          </button>
        )}
        {isBlocked ? (
          <button type="button" class="button" onClick={() => void change(() => revokeGrant(grant.origin))}>
            {t('unblock')}
          </button>
        ) : (
          <ConfirmButton question={t('revokeSure')} onConfirm={() => void change(() => revokeGrant(grant.origin))}>
            {t('revoke')}
          </ConfirmButton>
        )}
      </div>
      {!isBlocked && (
        <small>
          {[
            decisionText(grant.decision),
            ...limitTexts(grant.limits),
            grant.expiresAt && t('grantUntil', { time: moment(grant.expiresAt) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </small>
      )}
      {!isBlocked && <Today grant={grant} runs={runs} hasCalls />}
      {isEditing.value && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <LimitsEditor idPrefix={grant.id} limits={limits.value} onChange={(next) => (limits.value = next)} />
          <div class="row">
            <button type="submit" class="button primary">
              {t('save')}
            </button>
            <button
              type="button"
              class="button plain"
              onClick={() => {
                limits.value = grant.limits;
                isEditing.value = false;
              }}
            >
              {t('cancel')}
            </button>
          </div>
        </form>
      )}
      {problem.value && <Problem error={problem.value} />}
    </article>
  );
}
