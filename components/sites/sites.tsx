import type { Grant } from '../../lib/permissions/grant.ts';
import { route } from '../options/route.ts';
import { asking } from '../state/asking.ts';
import { grants } from '../state/grants.ts';
import { t } from '../text/t.ts';
import { AllowSite } from './allow-site.tsx';
import { SiteCard } from './site-card.tsx';

/** Every site that may, or may not, use a model. */
export function Sites() {
  const [open] = route.value.path;
  const all = grants.value.value ?? [];
  const waiting = (asking.value.value ?? []).filter(
    ({ origin }, index, list) =>
      list.findIndex((each) => each.origin === origin) === index && !all.some((grant) => grant.origin === origin),
  );
  const allowed = all.filter(({ decision }) => decision !== 'block').sort(latestFirst);
  const blocked = all.filter(({ decision }) => decision === 'block').sort(latestFirst);
  return (
    <div class="stack sites">
      <h1>{t('navSites')}</h1>
      <p class="quiet">{t('sitesText')}</p>
      {waiting.length > 0 && (
        <section class="stack">
          <h2>{t('sitesAsking')}</h2>
          {waiting.map(({ origin }) => (
            <div key={origin} class="card pad stack">
              <strong class="any-break">
                <bdi>{origin}</bdi>
              </strong>
              <AllowSite origin={origin} />
            </div>
          ))}
        </section>
      )}
      {allowed.length === 0 && <p class="card pad quiet">{t('sitesEmpty')}</p>}
      {allowed.map((grant) => (
        <SiteCard key={grant.id} grant={grant} isOpen={grant.origin === open} />
      ))}
      {blocked.length > 0 && (
        <section class="stack">
          <h2>{t('sitesBlocked')}</h2>
          {blocked.map((grant) => (
            <SiteCard key={grant.id} grant={grant} isOpen={false} />
          ))}
        </section>
      )}
    </div>
  );
}

function latestFirst(one: Grant, other: Grant): number {
  return (other.lastUsedAt ?? other.createdAt) - (one.lastUsedAt ?? one.createdAt);
}
