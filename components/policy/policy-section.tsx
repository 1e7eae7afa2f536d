import { policyProblems } from '../../lib/connections/managed.ts';
import { type Feature, features, noPolicy } from '../../lib/policy/policy.ts';
import { policy } from '../state/policy.ts';
import { type PlainKey, t } from '../text/t.ts';

/** What an organisation decided for this browser, and what of it could not be used. Nothing where nobody did. */
export function PolicySection() {
  const { value } = policy;
  if (value === noPolicy) return null;
  const off = features.filter((feature) => !value.features[feature]);
  const { allowed, blocked, granted } = value.sites;
  const problems = policyProblems(value);
  return (
    <section class="stack" aria-labelledby="policy">
      <h2 id="policy">{t('policyTitle')}</h2>
      <ul class="card pad stack points">
        <li>{t('policyText')}</li>
        {value.connections.length > 0 && <li>{t('policyConnections', { names: value.connections.map(({ name }) => name).join(', ') })}</li>}
        {granted.length > 0 && <li>{t('policyGranted', { sites: [...new Set(granted.flatMap(({ sites }) => sites))].join(', ') })}</li>}
        {allowed && <li>{t('policyAllowed', { sites: allowed.join(', ') || '–' })}</li>}
        {blocked.length > 0 && <li>{t('policyBlocked', { sites: blocked.join(', ') })}</li>}
        {Object.keys(value.limits).length > 0 && <li>{t('policyLimits')}</li>}
        {off.map((feature) => (
          <li key={feature}>{t(offText[feature])}</li>
        ))}
      </ul>
      {problems.length > 0 && (
        <>
          <h3>{t('policyProblems')}</h3>
          <ul class="card pad stack points" lang="en">
            {problems.map((problem) => (
              <li key={problem} class="any-break">
                {problem}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const offText: Record<Feature, PlainKey> = {
  quickChat: 'policyNoChat',
  ownConnections: 'policyNoOwnConnections',
  onDeviceModels: 'policyNoDeviceModels',
  sitesByConsent: 'policyNoConsent',
  fullTextActivity: 'policyNoFullText',
  backup: 'policyNoBackup',
};
