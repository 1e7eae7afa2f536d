import type { SwitchboardProvider } from '../lib/protocol/provider.ts';

/** What a page of the tests has, once the extension is there. */
declare global {
  interface Window {
    ai: SwitchboardProvider;
  }
}
