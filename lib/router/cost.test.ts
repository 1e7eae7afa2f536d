import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Price } from '../protocol/model.ts';
import type { Usage } from '../protocol/part.ts';
import { costOf, priceOf, trustedUsage } from './cost.ts';

const price: Price = { inputMicroUsdPerMillion: 2_500_000, outputMicroUsdPerMillion: 10_000_000 };
const counted = { inputTokens: 100, outputTokens: 50 };

/** What a server may say in the place of a number. */
const anything = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e12, '5', null, {}, undefined),
);
const anyUsage = fc.record({
  inputTokens: anything,
  outputTokens: anything,
  cachedInputTokens: anything,
  cacheWriteTokens: anything,
  reasoningTokens: anything,
  costMicroUsd: anything,
}) as unknown as fc.Arbitrary<Usage>;

describe('what a call cost', () => {
  it('[D-2] is a whole number whatever the server says that was used, or unknown', () => {
    fc.assert(
      fc.property(anyUsage, (said) => {
        const usage = trustedUsage(said, counted);
        for (const value of Object.values(usage)) if (value !== true) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        const cost = costOf(usage, price);
        expect(Number.isSafeInteger(cost) && (cost as number) >= 0).toBe(true);
      }),
    );
  });

  it.each([
    ['nothing', { inputTokens: 0, outputTokens: 0 }],
    ['less than nothing', { inputTokens: -100, outputTokens: 50 }],
    ['more than anybody can have sent', { inputTokens: 900_000_000, outputTokens: 50 }],
    ['more than any model thinks', { inputTokens: 100, outputTokens: 900_000_000 }],
  ])('[D-2] is counted by us where the server says that it used %s', (_, said) => {
    expect(trustedUsage(said, counted)).toEqual({ ...counted, estimated: true });
  });

  it('believes what a long prompt of the service and long thinking use', () => {
    const said = { inputTokens: 20_000, outputTokens: 64_000, reasoningTokens: 63_950 };
    expect(trustedUsage(said, counted)).toEqual(said);
  });

  it.each([
    ['not a number', { inputMicroUsdPerMillion: Number.NaN }],
    ['negative', { outputMicroUsdPerMillion: -1 }],
    ['without end', { inputMicroUsdPerMillion: Number.POSITIVE_INFINITY }],
    ['negative for each request', { requestMicroUsd: -5 }],
    ['text', { cachedInputMicroUsdPerMillion: '1' as never }],
  ])('is unknown, and not free, where the listed price is %s', (_, broken) => {
    expect(priceOf(undefined, { ...price, ...broken }, 'company')).toBeUndefined();
    expect(priceOf(price, { ...price, ...broken }, 'company')).toBe(price);
  });

  it('[D-7] is rounded up to a millionth of a dollar, and never loses one', () => {
    expect(costOf({ inputTokens: 1, outputTokens: 0 }, price)).toBe(3);
    expect(costOf({ inputTokens: 1_000_000, outputTokens: 1_000_000 }, price)).toBe(12_500_000);
    expect(costOf({ inputTokens: 0, outputTokens: 0 }, { ...price, requestMicroUsd: 0.2 })).toBe(1);
  });
});
