import { browser } from 'wxt/browser';
import { getBackend } from '../backends/registry.ts';
import { normaliseBaseUrl } from '../backends/url.ts';
import type { Connection } from './connection.ts';
import { listConnections, watchConnections } from './store.ts';

/**
 * Browsers put `Origin: chrome-extension://…` on every POST of ours, which local servers such as Ollama refuse and which
 * tells companies a name of this very installation. Session rules take it off: on requests that this extension itself
 * makes (`initiatorDomains`), to the addresses the user connected. A page's own requests keep their Origin.
 */
export interface OriginRules {
  /**
   * Resolves when every connection's rule stands, for awaiting before a request. Also where the browser refuses the rules:
   * then only servers that look at Origin refuse us, and say so themselves.
   */
  ready(): Promise<void>;
  /** With rules for these addresses too, for the time of the work: tests and detection of what is not saved yet. */
  during<Result>(urls: string[], work: () => Promise<Result>): Promise<Result>;
}

/** For the background alone, which makes the requests. */
export function createOriginRules(): OriginRules {
  /** Addresses being probed, and by how many. */
  const probed = new Map<string, number>();
  let standing: Promise<void> | undefined;

  function sync(): Promise<void> {
    standing = (standing ?? Promise.resolve()).then(setRules).catch(() => {
      standing = undefined;
    });
    return standing;
  }

  async function setRules(): Promise<void> {
    const wanted = new Set([...(await listConnections()).flatMap(originsOf), ...probed.keys()]);
    const old = await browser.declarativeNetRequest.getSessionRules();
    await browser.declarativeNetRequest.updateSessionRules({
      removeRuleIds: old.map(({ id }) => id),
      addRules: [...wanted].map((origin, index) => ruleFor(origin, index + 1)),
    });
  }

  watchConnections(() => void sync());

  return {
    ready: () => standing ?? sync(),
    async during(urls, work) {
      const origins = urls.flatMap(originOf);
      for (const origin of origins) probed.set(origin, (probed.get(origin) ?? 0) + 1);
      await sync();
      try {
        return await work();
      } finally {
        for (const origin of origins) {
          const left = (probed.get(origin) ?? 1) - 1;
          if (left > 0) probed.set(origin, left);
          else probed.delete(origin);
        }
        void sync();
      }
    },
  };
}

function ruleFor(origin: string, id: number) {
  return {
    id,
    priority: 1,
    action: { type: 'modifyHeaders' as const, requestHeaders: [{ header: 'origin', operation: 'remove' as const }] },
    condition: {
      initiatorDomains: [new URL(browser.runtime.getURL('/')).hostname],
      urlFilter: `|${origin}/`,
      resourceTypes: ['xmlhttprequest' as const, 'other' as const],
    },
  };
}

function originsOf({ backend, config }: Connection): string[] {
  return getBackend(backend).hosts(config).flatMap(originOf);
}

/** As typed, or nothing where it is no address: whoever probes it says what is wrong with it. */
function originOf(url: string): string[] {
  try {
    return [new URL(normaliseBaseUrl(url)).origin];
  } catch {
    return [];
  }
}
