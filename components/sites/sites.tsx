import { useSignal } from '@preact/signals';
import { type Grant, subjectName } from '../../lib/permissions/grant.ts';
import { route } from '../options/route.ts';
import { asking } from '../state/asking.ts';
import { grants } from '../state/grants.ts';
import { policy } from '../state/policy.ts';
import { t } from '../text/t.ts';
import { AllSites } from './all-sites.tsx';
import { AllowSite } from './allow-site.tsx';
import { subjectText } from './grant-text.ts';
import { PauseSwitch } from './pause.tsx';
import { Prices } from './prices.tsx';
import { SiteCard } from './site-card.tsx';

/** Cards that are made at first; there may be a thousand sites. */
const shownAtFirst = 30;

/** Every site that may, or may not, use a model; what private windows were granted is shown in the popup there alone. */
export function Sites() {
  const [open] = route.value.path;
  const byPolicy = policy.value.sites.granted.flatMap(({ sites }) => sites);
  const search = useSignal('');
  const limit = useSignal(shownAtFirst);
  const all = (grants.value.value ?? []).filter(({ isPrivate }) => !isPrivate);
  const waiting = (asking.value.value ?? []).filter(
    (each, index, list) =>
      !each.isPrivate &&
      list.findIndex((other) => subjectName(other) === subjectName(each)) === index &&
      !all.some((grant) => subjectName(grant) === subjectName(each)),
  );
  const isWanted = (grant: Grant) => subjectText(grant).includes(search.value.trim().toLowerCase());
  const allowed = all.filter(({ decision }) => decision !== 'block').sort(latestFirst);
  const blocked = all.filter(({ decision }) => decision === 'block').sort(latestFirst);
  const wanted = allowed.filter(isWanted);
  const shown = wanted.filter((grant, index) => index < limit.value || grant.origin === open);
  return (
    <div class="stack sites">
      <h1>{t('navSites')}</h1>
      <p class="quiet">{t('sitesText')}</p>
      <div class="card pad">
        <PauseSwitch />
      </div>
      {waiting.length > 0 && (
        <section class="stack">
          <h2>{t('sitesAsking')}</h2>
          {waiting.map((each) => (
            <div key={subjectName(each)} class="card pad stack">
              <strong class="any-break">
                <bdi>{subjectText(each)}</bdi>
              </strong>
              <AllowSite subject={each} abilities={each.abilities} />
            </div>
          ))}
        </section>
      )}
      {all.length > 8 && (
        <div class="field">
          <label for="search-sites">{t('searchSites')}</label>
          <input
            id="search-sites"
            class="input"
            type="search"
            value={search.value}
            onInput={(event) => (search.value = event.currentTarget.value)}
          />
        </div>
      )}
      {byPolicy.length > 0 && <p class="card pad any-break">{t('policyGranted', { sites: [...new Set(byPolicy)].join(', ') })}</p>}
      {allowed.length + byPolicy.length === 0 && (
        <p class="card pad quiet">{t(policy.value.features.sitesByConsent ? 'sitesEmpty' : 'policyNoConsent')}</p>
      )}
      {shown.map((grant) => (
        <SiteCard key={grant.id} grant={grant} isOpen={grant.origin === open} />
      ))}
      {wanted.length > shown.length && (
        <button type="button" class="button" onClick={() => (limit.value += 100)}>
          {t('showMore', { count: wanted.length - shown.length })}
        </button>
      )}
      {blocked.length > 0 && (
        <section class="stack">
          <h2>{t('sitesBlocked')}</h2>
          {blocked
            .filter(isWanted)
            .slice(0, limit.value)
            .map((grant) => (
              <SiteCard key={grant.id} grant={grant} isOpen={false} />
            ))}
        </section>
      )}
      <AllSites />
      <Prices />
    </div>
  );
}

function latestFirst(one: Grant, other: Grant): number {
  return (other.lastUsedAt ?? other.createdAt) - (one.lastUsedAt ?? one.createdAt);
}
