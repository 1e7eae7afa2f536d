import { describe, expect, it } from 'vitest';
import { createLimits } from './limits.ts';

const sizes = { portsPerTab: 2, ports: 3, messages: 10, messagesPerSecond: 5, characters: 1_000, charactersPerSecond: 100 };

describe('what one tab may ask of the background', () => {
  it('is a burst, and after it as much as time gives back, of messages and of characters', () => {
    let now = 0;
    const limits = createLimits(sizes, () => now);
    limits.open(1);
    const taken = (count: number, size: number) => Array.from({ length: count }, () => limits.take(1, size)).filter(Boolean).length;
    expect(taken(20, 1)).toBe(10);
    now += 1_000;
    expect(taken(20, 1)).toBe(5);
    now += 60_000;
    expect(taken(5, 400)).toBe(2);
    now += 4_000;
    expect(taken(1, 400)).toBe(1);
  });

  it('is counted by tab: another port does not help, another tab is not hindered', () => {
    const limits = createLimits(sizes, () => 0);
    const close = limits.open(1);
    limits.open(2);
    for (let message = 0; message < 10; message++) limits.take(1, 1);
    expect(limits.take(1, 1)).toBe(false);
    close?.();
    limits.open(1);
    expect(limits.take(1, 1)).toBe(false);
    expect(limits.take(2, 1)).toBe(true);
  });

  it('is a number of ports, for each tab and for all', () => {
    const limits = createLimits(sizes, () => 0);
    const first = limits.open(1);
    expect(first).toBeDefined();
    expect(limits.open(1)).toBeDefined();
    expect(limits.open(1)).toBeUndefined();
    expect(limits.open(2)).toBeDefined();
    expect(limits.open(3)).toBeUndefined();
    first?.();
    first?.();
    expect(limits.open(3)).toBeDefined();
    expect(limits.open(3)).toBeUndefined();
  });

  it('is nothing for a tab that never opened a port', () => {
    expect(createLimits(sizes, () => 0).take(7, 1)).toBe(false);
  });
});
