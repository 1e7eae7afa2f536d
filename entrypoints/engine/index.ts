import { browser } from 'wxt/browser';
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { createAddModel } from '../../lib/engine/add-model.ts';
import { createLocalEngine, type LocalEngine } from '../../lib/engine/engine.ts';
import { loadLlama } from '../../lib/engine/llama.ts';
import { listModels, openModel, watchModels } from '../../lib/engine/model-store.ts';
import { engineKey } from '../../lib/engine/page-engine.ts';
import { serveEngine } from '../../lib/engine/serve-engine.ts';
import type { StoredModel } from '../../lib/engine/stored-model.ts';
import { createLease } from '../../lib/serve/keep-alive.ts';

/** The on-device engine: in its own page in Chrome (engine.html), in the background's page in Firefox. */
export default defineUnlistedScript(() => {
  // The background has asked whether models may be added before it calls.
  const addModel = createAddModel({ permit: async () => {} });
  const options = { store: { listModels, openModel, watchModels }, load: loadLlama, addModel };
  if (location.pathname === '/engine.html') {
    const engine = createLocalEngine({ ...options, onIdle: () => server.closeWhenFree() });
    const server = serveEngine(engine, browser.runtime.onConnect, () => window.close());
  } else {
    const lease = createLease();
    // Here the model goes when the background sleeps, half a minute after an answer. That is less than it takes to read
    // one, and a real model is slow to come back: it keeps the background awake until its own idle time is over.
    const onOpen = (model: StoredModel) => (model.isDemo ? undefined : lease.hold());
    (globalThis as { [engineKey]?: LocalEngine })[engineKey] = createLocalEngine({ ...options, onOpen });
  }
});
