import type { Price } from '../protocol/model.ts';
import { createItem } from '../storage/item.ts';

/** The user's own prices, by connection and model: where a backend lists none, or lists a wrong one. */
export type Prices = Readonly<Record<string, Readonly<Record<string, Price>>>>;

export async function getPrices(): Promise<Prices> {
  return await prices.get();
}

export async function ownPrice(connectionId: string, model: string): Promise<Price | undefined> {
  const known = await prices.get();
  const ofConnection = Object.hasOwn(known, connectionId) ? known[connectionId] : undefined;
  return ofConnection && Object.hasOwn(ofConnection, model) ? ofConnection[model] : undefined;
}

/** Without a price, what the backend lists holds again. */
export async function setOwnPrice(connectionId: string, model: string, price: Price | undefined): Promise<void> {
  await prices.update((before) => {
    const { [model]: _, ...others } = before[connectionId] ?? {};
    return { ...before, [connectionId]: price ? { ...others, [model]: price } : others };
  });
}

export function watchPrices(listener: (prices: Prices) => void): () => void {
  return prices.watch(listener);
}

export const prices = createItem<Prices>({ area: 'local', key: 'prices', fallback: {}, parse: readPrices, hasCopy: true });

/** Throws on what holds no prices; leaves out those that cannot be counted with. */
export function readPrices(stored: unknown): Prices {
  const connections = Object.entries(stored as Record<string, Record<string, Price>>);
  return Object.fromEntries(
    connections.map(([id, models]) => [id, Object.fromEntries(Object.entries(models ?? {}).filter(([, price]) => isPrice(price)))]),
  );
}

/** Whether it can be counted with: what servers and files say may be anything. */
export function isPrice(price: unknown): price is Price {
  if (typeof price !== 'object' || price === null) return false;
  const {
    inputMicroUsdPerMillion,
    outputMicroUsdPerMillion,
    cachedInputMicroUsdPerMillion = 0,
    requestMicroUsd = 0,
  } = price as Partial<Price>;
  return [inputMicroUsdPerMillion, outputMicroUsdPerMillion, cachedInputMicroUsdPerMillion, requestMicroUsd].every(
    (each) => typeof each === 'number' && each >= 0 && each <= mostMicroUsd,
  );
}

/** A dollar a token. */
const mostMicroUsd = 1e12;
