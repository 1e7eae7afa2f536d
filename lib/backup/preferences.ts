import { type NativeChoice, nativeChoice, readNativeChoice } from '../permissions/native-choice.ts';
import { readSwitches, type Switches, switches } from '../permissions/switches.ts';
import type { JsonObject } from '../protocol/json.ts';
import { type Prices, prices, readPrices } from '../usage/prices.ts';
import { readUsageSettings, type UsageSettings, usageSettings } from '../usage/settings.ts';

/** What the user decided that is neither a connection nor a site: each part as its own room reads it. */
export interface Preferences {
  prices: Prices;
  /** Caps of spending, and how long activity keeps what. */
  spending: UsageSettings;
  switches: Switches;
  native: NativeChoice;
}

/** The items of `Preferences`, in the order of their locks. */
export const preferenceItems = { prices, spending: usageSettings, switches, native: nativeChoice } as const;

export async function currentPreferences(): Promise<Preferences> {
  const [prices, spending, switches, native] = await Promise.all([
    preferenceItems.prices.fresh(),
    preferenceItems.spending.fresh(),
    preferenceItems.switches.fresh(),
    preferenceItems.native.fresh(),
  ]);
  return { prices, spending, switches, native };
}

/** The parts that can be read; `damaged` gets the names of the others. */
export function readPreferences(stored: JsonObject, damaged: string[]): Partial<Preferences> {
  const readers = { prices: readPrices, spending: readUsageSettings, switches: readSwitches, native: readNativeChoice };
  const found = Object.entries(readers).flatMap(([name, read]) => {
    if (!Object.hasOwn(stored, name)) return [];
    try {
      return [[name, read(stored[name])]];
    } catch {
      damaged.push(name);
      return [];
    }
  });
  return Object.fromEntries(found);
}

/**
 * What holds after an import: prices, caps of connections and choices for sites come on top of those there are, everything
 * else is replaced. A pause that holds now stays: nobody ends one by importing a file.
 */
export function withPreferences(now: Preferences, { prices, spending, switches, native }: Partial<Preferences>): Preferences {
  return {
    prices: prices ? mergedPrices(now.prices, prices) : now.prices,
    spending: spending ? { ...spending, connections: { ...now.spending.connections, ...spending.connections } } : now.spending,
    switches: switches ? { ...switches, isPaused: switches.isPaused || now.switches.isPaused } : now.switches,
    native: native ? { usual: native.usual, sites: { ...now.native.sites, ...native.sites } } : now.native,
  };
}

function mergedPrices(now: Prices, added: Prices): Prices {
  const merged = Object.entries(added).map(([id, models]) => [id, { ...now[id], ...models }]);
  return { ...now, ...Object.fromEntries(merged) };
}
