/** What one tab may ask of the background, so that a page that floods it hurts nobody else. */
export interface Limits {
  /** A port of that tab begins; call what it returns when it ends. Undefined: the tab has too many already. */
  open(tabId: number): (() => void) | undefined;
  /** One message of that many characters; false when the tab sends more than it may. */
  take(tabId: number, size: number): boolean;
}

export interface LimitSizes {
  portsPerTab: number;
  ports: number;
  /** A burst of that many messages at once, and that many a second in the long run. */
  messages: number;
  messagesPerSecond: number;
  /** The same for characters. */
  characters: number;
  charactersPerSecond: number;
}

const sizes: LimitSizes = {
  portsPerTab: 32,
  ports: 2_000,
  // Pages that try out what there is ask thousands of times, a millisecond each: the Web Platform Tests do, 9,072 times in one.
  messages: 12_000,
  messagesPerSecond: 400,
  characters: 64 * 1024 * 1024,
  charactersPerSecond: 4 * 1024 * 1024,
};

interface Tab {
  ports: number;
  messages: number;
  characters: number;
  filledAt: number;
}

/** Counts by tab and not by port, so that connecting again does not wipe the slate. `now` is monotonic milliseconds. */
export function createLimits(limits: LimitSizes = sizes, now: () => number = () => performance.now()): Limits {
  const tabs = new Map<number, Tab>();
  let ports = 0;

  return {
    open(tabId) {
      forgetQuietTabs();
      const tab = tabs.get(tabId) ?? { ports: 0, messages: limits.messages, characters: limits.characters, filledAt: now() };
      tabs.set(tabId, tab);
      if (tab.ports >= limits.portsPerTab || ports >= limits.ports) return undefined;
      tab.ports += 1;
      ports += 1;
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        tab.ports -= 1;
        ports -= 1;
      };
    },
    take(tabId, size) {
      const tab = tabs.get(tabId);
      if (tab === undefined) return false;
      fill(tab);
      tab.messages -= 1;
      tab.characters -= size;
      return tab.messages >= 0 && tab.characters >= 0;
    },
  };

  function fill(tab: Tab): void {
    const seconds = (now() - tab.filledAt) / 1000;
    tab.filledAt = now();
    // What was refused is not owed: a tab is back to normal as soon as it is quiet.
    tab.messages = Math.min(limits.messages, Math.max(0, tab.messages) + seconds * limits.messagesPerSecond);
    tab.characters = Math.min(limits.characters, Math.max(0, tab.characters) + seconds * limits.charactersPerSecond);
  }

  function forgetQuietTabs(): void {
    for (const [id, tab] of tabs) {
      if (tab.ports > 0) continue;
      fill(tab);
      if (tab.messages === limits.messages && tab.characters === limits.characters) tabs.delete(id);
    }
  }
}
