import { useSignal } from '@preact/signals';
import { CodeXml, PanelRightOpen, Settings } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { Chat } from '../chat/chat.tsx';
import { openDeveloper } from '../devtools/open-developer.ts';
import { lazy } from '../look/lazy.tsx';
import { ModelMenu } from '../models/model-menu.tsx';
import { AccessBanner } from '../parts/access-banner.tsx';
import { NewerBanner } from '../parts/newer-banner.tsx';
import { openOptions } from '../parts/open-page.ts';
import { Problem } from '../parts/problem.tsx';
import { PauseButton, PausedBanner } from '../sites/pause.tsx';
import { activeConnection, activeModel, connections, connectionsFailed } from '../state/connections.ts';
import { checkConnection, followModels, modelNamed } from '../state/models.ts';
import { isOn } from '../state/policy.ts';
import { followRuns } from '../state/runs.ts';
import { site } from '../state/site.ts';
import { whereOf } from '../text/place.ts';
import { t } from '../text/t.ts';
import { UnlockRow } from '../vault/unlock-row.tsx';
import { ModelRow } from './model-row.tsx';
import { OtherSites } from './other-sites.tsx';
import { openSidePanel } from './side-panel.ts';
import { SiteRow } from './site-row.tsx';

/** Brings the backends with it, which the popup does without once something is connected. */
export const FirstRun = lazy(async () => (await import('./first-run.tsx')).FirstRun);

/** The popup, and the side panel with it: the site first, then the model, then the chat. */
export function Popup({ isPanel = false }: { isPanel?: boolean }) {
  const isMenuOpen = useSignal(false);
  const connection = activeConnection.value;
  useEffect(followRuns, []);
  useEffect(followModels, []);
  useEffect(() => {
    // Asking a company's server costs nobody anything but tells it that the popup was opened: its list of last time will do.
    if (connection && (whereOf(connection).place !== 'company' || !modelNamed(connection.id, undefined)))
      void checkConnection(connection.id);
  }, [connection?.id, connection?.revision]);

  if (connectionsFailed.value) return <Problem error={connectionsFailed.value} />;
  if (!connections.value) return null;
  if (!connection) return <FirstRun.View />;

  const model = modelNamed(connection.id, activeModel.value);
  const modelName = model?.name ?? activeModel.value ?? model?.id ?? connection.name;
  const canSeeImages = model?.abilities === undefined || model.abilities.includes('images');
  const openMenu = () => (isMenuOpen.value = true);
  const closeMenu = () => {
    isMenuOpen.value = false;
    // Whoever has chosen a model has something to ask it.
    requestAnimationFrame(() => document.querySelector('textarea')?.focus());
  };
  const tools = (
    <>
      {!isPanel && (
        <button
          type="button"
          class="button plain icon small"
          onClick={() => void openSidePanel()}
          aria-label={t('sidePanel')}
          title={t('sidePanel')}
        >
          <PanelRightOpen size={16} />
        </button>
      )}
      <PauseButton />
      <button
        type="button"
        class="button plain icon small"
        onClick={() => void openDeveloper()}
        aria-label={t('forDevelopers')}
        title={t('forDevelopers')}
      >
        <CodeXml size={16} />
      </button>
      <button
        type="button"
        class="button plain icon small"
        onClick={() => void openOptions('connections')}
        aria-label={t('settings')}
        title={t('settings')}
      >
        <Settings size={16} />
      </button>
    </>
  );
  return (
    <main class="popup">
      <h1 class="visually-hidden">Switchboard</h1>
      <AccessBanner />
      <NewerBanner />
      <PausedBanner />
      <UnlockRow />
      {site.value && <SiteRow site={site.value} />}
      <OtherSites current={site.value?.type === 'site' ? site.value : undefined} />
      <ModelRow connection={connection} model={model} modelName={modelName} onChange={openMenu} />
      {isOn('quickChat') ? (
        <Chat connection={connection} model={activeModel.value} modelName={modelName} canSeeImages={canSeeImages} onChangeModel={openMenu}>
          {tools}
        </Chat>
      ) : (
        <footer class="row">
          <p class="quiet grow">{t('policyNoChat')}</p>
          {tools}
        </footer>
      )}
      {isMenuOpen.value && <ModelMenu onClose={closeMenu} />}
    </main>
  );
}
