import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { onceKitIsRead, withKit } from '../lib/backends/load-kit.ts';
import { createOriginRules } from '../lib/connections/origin-rules.ts';
import { listConnections } from '../lib/connections/store.ts';
import { createOnDeviceHost } from '../lib/engine/host.ts';
import { findNativeModel } from '../lib/engine/native-model.ts';
import { showBadge } from '../lib/panel/badge.ts';
import { forgetAsking } from '../lib/permissions/asking.ts';
import { pruneGrants } from '../lib/permissions/grant-use.ts';
import { watchPrivateWindows } from '../lib/permissions/private-windows.ts';
import { createRouter } from '../lib/router/create-router.ts';
import { createEngines } from '../lib/router/engines.ts';
import { createModelLists } from '../lib/router/model-lists.ts';
import { createConnectionTester } from '../lib/router/test-connection.ts';
import { warmUp } from '../lib/router/warm-up.ts';
import { lateCalls } from '../lib/serve/calls/late-calls.ts';
import { tracedRouter } from '../lib/serve/calls/traced-router.ts';
import { identify } from '../lib/serve/identify.ts';
import { createLease } from '../lib/serve/keep-alive.ts';
import { keepScripts } from '../lib/serve/keep-scripts.ts';
import { lateChats } from '../lib/serve/late-chats.ts';
import { describe, lateConsent } from '../lib/serve/late-consent.ts';
import { latePools } from '../lib/serve/late-pools.ts';
import { createPanelMethods } from '../lib/serve/panel-methods.ts';
import { serve } from '../lib/serve/serve.ts';
import { createSiteMethods } from '../lib/serve/site-methods.ts';
import { updateWhenIdle } from '../lib/serve/update-when-idle.ts';
import { watchChanges } from '../lib/serve/watch-changes.ts';
import { closeStorageToContentScripts } from '../lib/storage/access-levels.ts';
import { openUsage } from '../lib/usage/open-usage.ts';
import { startAutoLock } from '../lib/vault/auto-lock.ts';

/** Puts the rooms together. Every listener is registered before the first `await`, so that no wake-up is missed. */
export default defineBackground(() => {
  keepScripts();
  const lease = createLease();
  const originRules = createOriginRules();
  onceKitIsRead(() => void originRules.ready());
  const onDevice = createOnDeviceHost();
  const engines = createEngines({ onDevice, nativeModel: findNativeModel() });
  const lists = createModelLists(engines);
  const consent = lateConsent();
  const { ledger, log } = openUsage();
  const pools = latePools({ engines, lists, listConnections });
  const router = createRouter({ consent, describe, engines, lists, ledger, log, pools, originRulesReady: originRules.ready });
  const chats = lateChats({ router, hold: lease.hold });
  const tester = createConnectionTester(engines, lists, originRules);

  // What calls do not wait for. Nothing here needs a backend, so that a start for something else stays small.
  const ready = Promise.allSettled([warmUp(), ledger.ready(), closeStorageToContentScripts(), pruneGrants()]);

  const calls = lateCalls(router);
  const site = createSiteMethods(tracedRouter(router), watchChanges);
  // The playground knocks at the doors of pages, as the user.
  const panel = {
    ...site,
    ...createPanelMethods({ router, onDevice, calls, chats, consent, engines, lists, tester, originRules, lease, ready }),
  };
  browser.runtime.onConnect.addListener((port) => serve(port, { identify, site, panel, lease, whenReady: withKit, begin: calls.begin }));
  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === 'install') void browser.tabs.create({ url: browser.runtime.getURL('/options.html') });
  });
  browser.tabs.onRemoved.addListener((tabId) => void forgetAsking({ tabId }));
  watchPrivateWindows(ledger.forgetPrivate);
  startAutoLock();
  updateWhenIdle(() => router.runs.list().length > 0);
  showBadge(router.runs);
});
