import type { AccessState } from '../protocol/access.ts';
import type { PageModel } from '../protocol/model.ts';
import type { ProviderInfo, SwitchboardProvider } from '../protocol/provider.ts';
import type { Calls } from './calls.ts';
import { createChat } from './chat.ts';
import { toPageError } from './errors.ts';
import { createEvents } from './events.ts';
import { createFetch } from './fetch.ts';
import { lazy } from './lazy.ts';
import { createLegacy } from './legacy/legacy.ts';
import { toJson } from './plain-json.ts';
import { freeze, give } from './primordials.ts';
import { own, signalOf } from './read-options.ts';

/** Below no real host: `fetch` answers by the path alone, and a request that slips past it goes nowhere. */
const baseURL = 'https://switchboard.invalid/v1';

/** What pages get. Frozen through and through, so that no script of a page can put itself between another one and the user. */
export function createProvider(calls: Calls, scope: EventTarget, info: ProviderInfo): SwitchboardProvider {
  return lazy({} as SwitchboardProvider, (shown) => {
    give(shown, describe(calls, scope, info));
    freeze(shown);
  });
}

function describe(calls: Calls, scope: EventTarget, info: ProviderInfo): SwitchboardProvider {
  const on = freeze(createEvents(calls, scope));
  return {
    info,
    version: info.version,
    baseURL,
    requestAccess: freeze(async (options?: unknown) => {
      const asked = { reason: own(options, 'reason'), models: own(options, 'models'), abilities: own(options, 'abilities') };
      return (await calls.request('access.request', toJson(asked, toPageError), signalOf(options))) as AccessState;
    }),
    permissions: freeze({ query: freeze(async () => (await calls.request('access.query', '{}')) as AccessState) }),
    models: freeze({
      list: freeze(async (options?: unknown) => (await calls.request('models.list', '{}', signalOf(options))) as PageModel[]),
    }),
    chat: freeze({ completions: freeze({ create: freeze(createChat(calls)) }) }),
    fetch: freeze(createFetch(calls)),
    on,
    ...createLegacy(calls, on, info.version),
  };
}
