import type { SwitchboardProvider } from '../lib/protocol/provider.ts';

/** In the pages of the tests it is there. */
declare global {
  var ai: SwitchboardProvider;
}
