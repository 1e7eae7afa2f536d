/**
 * What is written in the same breath is one transaction, so that a browser which dies in between keeps all of it or
 * nothing; what comes while one runs goes into the next together: a hundred calls that begin at once wait for two and
 * not for a hundred. Should a group fail, each of its writes gets a transaction of its own.
 */
export function inGroups<Item>(commit: (items: Item[]) => Promise<void>): (items: Item[]) => Promise<void> {
  let waiting: { items: Item[]; done(): void; failed(error: unknown): void }[] = [];
  let isBusy = false;

  async function drain(): Promise<void> {
    isBusy = true;
    await undefined;
    while (waiting.length > 0) {
      const writes = waiting;
      waiting = [];
      try {
        await commit(writes.flatMap(({ items }) => items));
        for (const { done } of writes) done();
      } catch (error) {
        if (writes.length === 1) writes[0]?.failed(error);
        else for (const { items, done, failed } of writes) await commit(items).then(done, failed);
      }
    }
    isBusy = false;
  }

  return (items) =>
    new Promise((done, failed) => {
      waiting.push({ items, done, failed });
      if (!isBusy) void drain();
    });
}
