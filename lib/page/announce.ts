import { helloEvent } from '../protocol/handover.ts';
import { announceEvent, type ProviderInfo, requestEvent, type SwitchboardProvider } from '../protocol/provider.ts';
import {
  addListener,
  bare,
  define,
  deleteProperty,
  descriptorOf,
  dispatch,
  freeze,
  removeListener,
  SafeCustomEvent,
} from './primordials.ts';

/**
 * Makes the provider known: by an event now and on each request, and as `window.ai` where that name is free. A newer copy
 * of this script, started by an update of the extension, makes this one fall silent.
 */
export function announce(scope: EventTarget, provider: SwitchboardProvider, info: ProviderInfo): void {
  const detail = freeze({ info, provider });
  addListener(scope, requestEvent, tell);
  addListener(scope, helloEvent, retire);
  setGlobal(scope, provider);
  tell();

  function tell(): void {
    dispatch(scope, new SafeCustomEvent(announceEvent, bare({ detail })));
  }

  function retire(): void {
    removeListener(scope, requestEvent, tell);
    removeListener(scope, helloEvent, retire);
    if (descriptorOf(scope, 'ai')?.value === provider) deleteProperty(scope, 'ai');
  }
}

/** A page may replace or remove it, and whoever had the name first keeps it. */
function setGlobal(scope: EventTarget, provider: SwitchboardProvider): void {
  if ('ai' in scope) return;
  try {
    define(scope, 'ai', { value: provider, writable: true });
  } catch {
    // A frozen window: the announcement is still heard.
  }
}
