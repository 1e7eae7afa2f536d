import { createItem } from '../storage/item.ts';

/**
 * Whose `LanguageModel` a page gets: Switchboard's where the browser has none that works (`when-missing`, unless the user
 * says otherwise), Switchboard's in any case (`always`), or the browser's own in any case (`never`).
 */
export const nativeUses = ['when-missing', 'always', 'never'] as const;
export type NativeUse = (typeof nativeUses)[number];

export interface NativeChoice {
  /** For sites that are not named below. */
  usual: NativeUse;
  /** By origin. */
  sites: Readonly<Record<string, NativeUse>>;
}

export async function getNativeChoice(): Promise<NativeChoice> {
  return await nativeChoice.get();
}

/** What holds on pages of that origin. */
export function nativeUseOf({ usual, sites }: NativeChoice, origin: string): NativeUse {
  return Object.hasOwn(sites, origin) ? (sites[origin] as NativeUse) : usual;
}

/** For one origin, or for all that are not named; without a use the origin follows the others again. */
export async function setNativeUse(use: NativeUse | undefined, origin?: string): Promise<void> {
  await nativeChoice.update((before) => {
    if (origin === undefined) return { ...before, usual: use ?? 'when-missing' };
    const { [origin]: _, ...others } = before.sites;
    return { ...before, sites: use === undefined ? others : { ...others, [origin]: use } };
  });
}

export function watchNativeChoice(listener: (choice: NativeChoice) => void): () => void {
  return nativeChoice.watch(listener);
}

export const nativeChoice = createItem<NativeChoice>({
  area: 'local',
  key: 'native-choice',
  fallback: { usual: 'when-missing', sites: {} },
  parse: readNativeChoice,
});

/** Throws on what is not a choice. */
export function readNativeChoice(stored: unknown): NativeChoice {
  const { usual, sites } = stored as Partial<NativeChoice>;
  const isUse = (use: unknown): use is NativeUse => nativeUses.includes(use as NativeUse);
  if (!isUse(usual) || typeof sites !== 'object' || sites === null) throw new TypeError('not a choice');
  return { usual, sites: Object.fromEntries(Object.entries(sites).filter(([, use]) => isUse(use))) };
}
