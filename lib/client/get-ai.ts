import { announceEvent, type ProviderAnnouncement, requestEvent, type SwitchboardProvider } from '../protocol/provider.ts';

export type * from '../protocol/access.ts';
export type { Ability, PageModel, Place } from '../protocol/model.ts';
export type * from '../protocol/openai.ts';
export type * from '../protocol/provider.ts';

declare global {
  interface Window {
    /** Switchboard, or whatever had the name before it: `getAI()` is sure. */
    ai?: SwitchboardProvider;
  }
  interface WindowEventMap {
    'ai:announceProvider': CustomEvent<ProviderAnnouncement>;
  }
}

export interface GetAIOptions {
  /** Milliseconds to wait for an extension that starts after the page; 500 unless told otherwise. */
  timeout?: number;
  /** Which provider, where several announce themselves; any unless told otherwise. */
  accepts?(announcement: ProviderAnnouncement): boolean;
}

/** The user's provider, or undefined where none announces itself in time: the page then offers its way without one. */
export function getAI({ timeout = 500, accepts = () => true }: GetAIOptions = {}): Promise<SwitchboardProvider | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(settle, timeout);
    globalThis.addEventListener(announceEvent, hear);
    globalThis.dispatchEvent(new Event(requestEvent));

    function hear(event: Event): void {
      const announcement = (event as CustomEvent<ProviderAnnouncement>).detail;
      if (accepts(announcement)) settle(announcement.provider);
    }

    function settle(provider?: SwitchboardProvider): void {
      clearTimeout(timer);
      globalThis.removeEventListener(announceEvent, hear);
      resolve(provider);
    }
  });
}
