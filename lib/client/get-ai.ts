import { announceEvent, type ProviderAnnouncement, requestEvent, type SwitchboardProvider } from '../protocol/provider.ts';
import { type InstallLinks, NotInstalledError } from './not-installed.ts';

export interface GetAIOptions {
  /** Milliseconds to wait for an extension that starts after the page; 500 unless told otherwise. */
  timeout?: number | undefined;
  /** Rejects with its reason. */
  signal?: AbortSignal | undefined;
  /** Which provider, where several announce themselves; any unless told otherwise. */
  accepts?: ((announcement: ProviderAnnouncement) => boolean) | undefined;
  /** Called where none came in time. */
  onNotInstalled?: ((error: NotInstalledError) => void) | undefined;
  /** Your pages that say how to install it; the one for this browser becomes `error.link`. */
  installLinks?: InstallLinks | undefined;
}

/** The user's provider, or undefined where none announces itself in time: the page then offers its way without one. */
export async function getAI(options: GetAIOptions = {}): Promise<SwitchboardProvider | undefined> {
  const provider = await findProvider(options);
  if (!provider) options.onNotInstalled?.(new NotInstalledError(options.installLinks));
  return provider;
}

/** The same for code that can do nothing without: rejects with a `NotInstalledError`. */
export async function requireAI(options: GetAIOptions = {}): Promise<SwitchboardProvider> {
  const provider = await getAI(options);
  if (!provider) throw new NotInstalledError(options.installLinks);
  return provider;
}

/** Listens first and asks then, so that it does not matter who started earlier. Nothing is polled. */
function findProvider({ timeout = 500, signal, accepts = () => true }: GetAIOptions): Promise<SwitchboardProvider | undefined> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    // A server that renders the page first.
    if (typeof dispatchEvent !== 'function') return resolve(undefined);
    const timer = setTimeout(settle, timeout);
    const abort = () => {
      settle();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort);
    addEventListener(announceEvent, hear);
    dispatchEvent(new Event(requestEvent));

    function hear(event: Event): void {
      const announcement = (event as CustomEvent<ProviderAnnouncement>).detail;
      if (accepts(announcement)) settle(announcement.provider);
    }

    function settle(provider?: SwitchboardProvider): void {
      clearTimeout(timer);
      removeEventListener(announceEvent, hear);
      signal?.removeEventListener('abort', abort);
      if (!signal?.aborted) resolve(provider);
    }
  });
}
