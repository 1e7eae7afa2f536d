import { useEffect } from 'preact/hooks';
import { About } from '../about/about.tsx';
import { Activity } from '../activity/activity.tsx';
import { Backup } from '../backup/backup.tsx';
import { Connections } from '../connections/connections.tsx';
import { DeviceModels } from '../device/device-models.tsx';
import { Mark } from '../look/mark.tsx';
import { AccessBanner } from '../parts/access-banner.tsx';
import { NewerBanner } from '../parts/newer-banner.tsx';
import { Problem } from '../parts/problem.tsx';
import { Sites } from '../sites/sites.tsx';
import { connectionsFailed } from '../state/connections.ts';
import { followModels } from '../state/models.ts';
import { isOn } from '../state/policy.ts';
import { followRuns } from '../state/runs.ts';
import { t } from '../text/t.ts';
import { Keys } from '../vault/keys.tsx';
import { Welcome } from '../welcome/welcome.tsx';
import { followRoute, route, type Section } from './route.ts';

/** The options page: a section for each thing the user keeps, found by the address. */
export function Options() {
  useEffect(followRoute, []);
  useEffect(followRuns, []);
  useEffect(followModels, []);
  const { section } = route.value;
  const Screen = screens[section];
  return (
    <div class="options">
      <nav aria-label={t('sections')}>
        <a class="row home" href="#welcome">
          <Mark />
          <strong>Switchboard</strong>
        </a>
        {links.filter(isShown).map(({ to, text }) => (
          <a key={to} href={`#${to}`} aria-current={to === section ? 'page' : undefined}>
            {t(text)}
          </a>
        ))}
        <a href="/playground.html">{t('navPlayground')}</a>
      </nav>
      <main class={`screen ${section}`}>
        {connectionsFailed.value && <Problem error={connectionsFailed.value} />}
        <AccessBanner />
        <NewerBanner />
        <Screen />
      </main>
    </div>
  );
}

const screens = {
  welcome: Welcome,
  connections: Connections,
  sites: Sites,
  models: DeviceModels,
  activity: Activity,
  keys: Keys,
  backup: Backup,
  about: About,
} satisfies Record<Section, () => unknown>;

/** What an organisation has switched off is out of the way. */
function isShown({ to }: (typeof links)[number]): boolean {
  return (to !== 'models' || isOn('onDeviceModels')) && (to !== 'backup' || isOn('backup'));
}

const links = [
  { to: 'connections', text: 'navConnections' },
  { to: 'sites', text: 'navSites' },
  { to: 'models', text: 'navModels' },
  { to: 'activity', text: 'navActivity' },
  { to: 'keys', text: 'navKeys' },
  { to: 'backup', text: 'navBackup' },
  { to: 'about', text: 'navAbout' },
] as const;
