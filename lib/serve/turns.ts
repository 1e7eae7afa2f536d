/**
 * Turns at the background, by tab. A tab that asks thousands of times at once would have every other wait behind it, so
 * some of its calls begin and the rest stand in line.
 */
export interface Turns {
  /**
   * Does it now, or when it is its turn, in order. `work` returns true where it takes its place until it calls `done`, which
   * is assumed after twenty milliseconds: who waits for the user or a server keeps nobody else from asking.
   */
  take(tabId: number, work: (done: () => void) => boolean): void;
}

interface Tab {
  busy: number;
  line: ((done: () => void) => boolean)[];
  /** What of the line has been done. */
  next: number;
  isDue: boolean;
}

const longestTurn = 20;

/** A hundred streams of one page, which is a lot, still begin together. */
export function createTurns(atOnce = 128): Turns {
  const tabs = new Map<number, Tab>();

  return {
    take(tabId, work) {
      const tab = tabs.get(tabId) ?? { busy: 0, line: [], next: 0, isDue: false };
      tabs.set(tabId, tab);
      if (tab.busy < atOnce && tab.line.length === 0) begin(tabId, tab, work);
      else tab.line.push(work);
      forgetIdle(tabId, tab);
    },
  };

  function begin(tabId: number, tab: Tab, work: Tab['line'][number]): void {
    let isDone = false;
    tab.busy += 1;
    const done = () => {
      if (isDone) return;
      isDone = true;
      tab.busy -= 1;
      // In a task of its own: between two of them others are heard.
      if (tab.line.length > 0 && !tab.isDue) {
        tab.isDue = true;
        setTimeout(() => goOn(tabId, tab));
      }
      forgetIdle(tabId, tab);
    };
    if (!work(done)) done();
    else if (!isDone) setTimeout(done, longestTurn);
  }

  function goOn(tabId: number, tab: Tab): void {
    tab.isDue = false;
    for (let begun = 0; begun < atOnce && tab.busy < atOnce && tab.next < tab.line.length; begun++) {
      const work = tab.line[tab.next] as Tab['line'][number];
      tab.next += 1;
      if (tab.next === tab.line.length) {
        tab.line = [];
        tab.next = 0;
      }
      begin(tabId, tab, work);
    }
    forgetIdle(tabId, tab);
  }

  function forgetIdle(tabId: number, tab: Tab): void {
    if (tab.busy === 0 && tab.line.length === 0 && tabs.get(tabId) === tab) tabs.delete(tabId);
  }
}
