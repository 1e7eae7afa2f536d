import { useSignal } from '@preact/signals';
import { type Grant, isSameSubject, type Subject, subjectName } from '../../lib/permissions/grant.ts';
import { revokeGrant, setGrant } from '../../lib/permissions/grants.ts';
import type { Run } from '../../lib/router/router.ts';
import { Badge } from '../parts/badge.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { openOptions } from '../parts/open-page.ts';
import { AllowSite } from '../sites/allow-site.tsx';
import { decisionText, grantedModelsText, subjectText } from '../sites/grant-text.ts';
import { runText } from '../sites/run-text.ts';
import { Today } from '../sites/today.tsx';
import { asking } from '../state/asking.ts';
import { grantOf, grantsInside } from '../state/grants.ts';
import { runsOf, stopSite } from '../state/runs.ts';
import type { Site } from '../state/site.ts';
import { t } from '../text/t.ts';
import { RunList } from './run-list.tsx';

/** First in the popup: the page the user looks at, what it and the frames in it may do, and what they are doing now. */
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
  const { origin, tabId, isPrivate = false } = site;
  const page = { origin, ...(isPrivate && { isPrivate }) };
  const frames = new Map(
    [...grantsInside(page), ...(asking.value.value ?? []).filter((each) => each.topOrigin === origin && each.tabId === tabId)].map(
      ({ origin: frame }) => [frame, { ...page, origin: frame, topOrigin: origin }],
    ),
  );
  return (
    <>
      <KnownSite key={subjectName(page)} subject={page} tabId={tabId} />
      {[...frames.values()].map((frame) => (
        <KnownSite key={subjectName(frame)} subject={frame} tabId={tabId} />
      ))}
    </>
  );
}

function KnownSite({ subject, tabId }: { subject: Subject; tabId: number }) {
  const isEditing = useSignal(false);
  const { origin, isPrivate } = subject;
  const grant = grantOf(subject);
  const runs = runsOf(subject);
  const asks = asking.value.value?.find((each) => isSameSubject(each, subject) && each.tabId === tabId);
  const isAsking = asks !== undefined && (!grant || (grant.decision !== 'block' && !hasAll(grant, asks.abilities)));
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
          <strong class="origin cut" title={subjectText(subject)}>
            <bdi>{subjectText(subject)}</bdi>
          </strong>
          <SiteState grant={grant} runs={runs} isAsking={isAsking} />
          {isPrivate && <small>{t('privateNote')}</small>}
        </div>
        {runs.length > 0 && (
          <button type="button" class="button danger" onClick={() => void stopSite(subject)}>
            {t('stop')}
          </button>
        )}
        {runs.length === 0 && edit}
      </div>
      {runs.length > 1 && <RunList runs={runs} />}
      {grant && grant.decision !== 'block' && (
        <Today grant={grant} runs={runs}>
          {runs.length > 0 && edit}
        </Today>
      )}
      {isAsking && <AllowSite subject={subject} abilities={asks.abilities} />}
      {isEditing.value && <Edit subject={subject} grant={grant} onDone={() => (isEditing.value = false)} />}
    </header>
  );
}

function hasAll({ abilities }: Grant, wanted: readonly Grant['abilities'][number][]): boolean {
  return wanted.every((ability) => abilities.includes(ability));
}

function SiteState({ grant, runs, isAsking }: { grant: Grant | undefined; runs: Run[]; isAsking: boolean }) {
  if (runs.length > 0) return <Lamp state="busy">{runText(runs)}</Lamp>;
  if (isAsking) return <Lamp state="busy">{t(grant ? 'siteAsksMore' : 'siteAsks')}</Lamp>;
  if (!grant) return <Lamp state="off">{t('siteNone')}</Lamp>;
  if (grant.decision === 'block') return <Lamp state="off">{t('siteBlocked')}</Lamp>;
  return <Lamp state="ok">{t('siteMayUse', { models: grantedModelsText(grant) })}</Lamp>;
}

/** Two clicks from the popup to the end of what a site may do; whatever it is doing stops with it. */
function Edit({ subject, grant, onDone }: { subject: Subject; grant: Grant | undefined; onDone(): void }) {
  const then = (work: () => Promise<unknown>) => async () => {
    await work();
    onDone();
  };
  const isBlocked = grant?.decision === 'block';
  return (
    <div class="row wrap">
      <small class="grow">{grant && decisionText(grant.decision)}</small>
      {grant && !subject.isPrivate && (
        <button type="button" class="button small" onClick={() => void openOptions(`sites/${encodeURIComponent(subject.origin)}`)}>
          {t('limits')}
        </button>
      )}
      {grant && (
        <button type="button" class="button danger small" onClick={then(() => revokeGrant(subject))}>
          {isBlocked ? t('unblock') : t('revoke')}
        </button>
      )}
      {!isBlocked && (
        <button type="button" class="button danger small" onClick={then(() => setGrant({ ...subject, decision: 'block' }))}>
          {t('allowNever')}
        </button>
      )}
    </div>
  );
}

const unsupportedText = { browser: 'unsupportedBrowser', file: 'unsupportedFile', insecure: 'unsupportedInsecure' } as const;
