import { browser } from 'wxt/browser';
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { createLocalEngine, type LocalEngine } from '../../lib/engine/engine.ts';
import { loadLlama } from '../../lib/engine/llama.ts';
import { listModels, openModel, watchModels } from '../../lib/engine/model-store.ts';
import { engineKey } from '../../lib/engine/page-engine.ts';
import { serveEngine } from '../../lib/engine/serve-engine.ts';

/** The on-device engine: in its own page in Chrome (engine.html), in the background's page in Firefox. */
export default defineUnlistedScript(() => {
  const isOwnPage = location.pathname === '/engine.html';
  const engine = createLocalEngine({
    store: { listModels, openModel, watchModels },
    load: loadLlama,
    ...(isOwnPage && { onIdle: () => window.close() }),
  });
  if (isOwnPage) serveEngine(engine, browser.runtime.onConnect);
  else (globalThis as { [engineKey]?: LocalEngine })[engineKey] = engine;
});
