import { browser } from 'wxt/browser';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Item, ItemAccess } from './item.ts';

/**
 * Changes several items of `storage.local` in one `set`, together with the `more` that is no item: all or none. The order
 * of the items is the order of their locks. One that stays the same is not written.
 */
export async function updateTogether<Values extends unknown[]>(
  items: { [Index in keyof Values]: Item<Values[Index]> },
  make: (values: Values) => Values,
  more: Record<string, unknown> = {},
): Promise<void> {
  await hold(0, []);

  async function hold(index: number, held: ItemAccess<unknown>[]): Promise<void> {
    const item = items[index] as Item<unknown> | undefined;
    if (item) return await item.change((access) => hold(index + 1, [...held, access]));
    const next = make(held.map(({ value }) => value) as Values);
    const changed = held.flatMap((access, at) => (next[at] === access.value ? [] : [{ access, value: next[at] }]));
    try {
      await browser.storage.local.set(Object.assign({}, ...changed.map(({ access, value }) => access.entries(value)), more));
    } catch (cause) {
      const message = "The browser could not write Switchboard's settings. The disk may be full. Nothing was changed; try again.";
      throw new SwitchboardError('internal', message, { cause });
    }
    await Promise.all(changed.map(({ access, value }) => access.written(value)));
  }
}
