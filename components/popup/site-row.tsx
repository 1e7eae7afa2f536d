import { useSignal } from '@preact/signals';
import type { Grant } from '../../lib/permissions/grant.ts';
import { revokeGrant } from '../../lib/permissions/grants.ts';
import type { Run } from '../../lib/router/router.ts';
import { Badge } from '../parts/badge.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { openOptions } from '../parts/open-page.ts';
import { AllowSite } from '../sites/allow-site.tsx';
import { decisionText, grantedModelsText } from '../sites/grant-text.ts';
import { runText } from '../sites/run-text.ts';
import { Today } from '../sites/today.tsx';
import { asking } from '../state/asking.ts';
import { grantOf } from '../state/grants.ts';
import { runsOf, stopSite } from '../state/runs.ts';
import type { Site } from '../state/site.ts';
import { t } from '../text/t.ts';

/** First in the popup: the page the user looks at, what it may do, and what it is doing now. */
export function SiteRow({ site }: { site: Site }) {
  if (site.type === 'unsupported') {
    return (
      <header class="site row">
        <span class="badge site" aria-hidden="true">
          –
        </span>
        <p class="quiet grow">{t(unsupportedText[site.reason])}</p>
      </header>
    );
  }
  return <KnownSite key={site.origin} origin={site.origin} tabId={site.tabId} />;
}

function KnownSite({ origin, tabId }: { origin: string; tabId: number }) {
  const isEditing = useSignal(false);
  const grant = grantOf(origin);
  const runs = runsOf(origin);
  const isAsking = grant === undefined && (asking.value.value?.some((each) => each.origin === origin && each.tabId === tabId) ?? false);
  const edit = (
    <button type="button" class="button plain small" aria-expanded={isEditing.value} onClick={() => (isEditing.value = !isEditing.value)}>
      {t('edit')}
    </button>
  );
  return (
    <header class="site stack">
      <div class="row">
        <Badge site name={new URL(origin).host} />
        <div class="grow">
          <strong class="origin cut" title={origin}>
            <bdi>{origin.replace(/^https:\/\//, '')}</bdi>
          </strong>
          <SiteState grant={grant} runs={runs} isAsking={isAsking} />
        </div>
        {runs.length > 0 && (
          <button type="button" class="button danger" onClick={() => void stopSite(origin)}>
            {t('stop')}
          </button>
        )}
        {grant && runs.length === 0 && edit}
      </div>
      {grant && grant.decision !== 'block' && (
        <Today grant={grant} runs={runs}>
          {runs.length > 0 && edit}
        </Today>
      )}
      {isAsking && <AllowSite origin={origin} />}
      {grant && isEditing.value && <Edit grant={grant} onDone={() => (isEditing.value = false)} />}
    </header>
  );
}

function SiteState({ grant, runs, isAsking }: { grant: Grant | undefined; runs: Run[]; isAsking: boolean }) {
  if (runs.length > 0) return <Lamp state="busy">{runText(runs)}</Lamp>;
  if (isAsking) return <Lamp state="busy">{t('siteAsks')}</Lamp>;
  if (!grant) return <Lamp state="off">{t('siteNone')}</Lamp>;
  if (grant.decision === 'block') return <Lamp state="off">{t('siteBlocked')}</Lamp>;
  return <Lamp state="ok">{t('siteMayUse', { models: grantedModelsText(grant) })}</Lamp>;
}

function Edit({ grant, onDone }: { grant: Grant; onDone(): void }) {
  const revoke = async () => {
    await revokeGrant(grant.origin);
    onDone();
  };
  return (
    <div class="row wrap">
      <small class="grow">{decisionText(grant.decision)}</small>
      <button type="button" class="button small" onClick={() => void openOptions(`sites/${encodeURIComponent(grant.origin)}`)}>
        {t('limits')}
      </button>
      <button type="button" class="button danger small" onClick={() => void revoke()}>
        {grant.decision === 'block' ? t('unblock') : t('revoke')}
      </button>
    </div>
  );
}

const unsupportedText = { browser: 'unsupportedBrowser', file: 'unsupportedFile', insecure: 'unsupportedInsecure' } as const;
