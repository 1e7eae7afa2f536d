import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { type Runtime, type Scope, startRelay } from '../lib/relay/relay.ts';

/** Runs beside every page, in the isolated world: small, and without the polyfill. */
export default defineUnlistedScript(() => {
  const scope = globalThis as unknown as Scope & Record<'browser' | 'chrome', { runtime: Runtime } | undefined>;
  startRelay(() => (scope.browser ?? scope.chrome)?.runtime, scope);
});
