import type { SwitchboardProvider } from '../lib/protocol/provider.ts';

/** In the pages of the tests it is there. */
declare global {
  // biome-ignore lint/suspicious/noVar: only `var` declares a property of globalThis
  var ai: SwitchboardProvider;
}
