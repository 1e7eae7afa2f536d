import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLease } from './keep-alive.ts';

describe('the lease that keeps the background alive', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('pings every twenty seconds while work is held, and never when idle', () => {
    let pings = 0;
    const lease = createLease(() => pings++);
    vi.advanceTimersByTime(120_000);
    expect(pings).toBe(0);

    const release = lease.hold();
    vi.advanceTimersByTime(60_000);
    expect(pings).toBe(3);

    release();
    vi.advanceTimersByTime(120_000);
    expect(pings).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('pings once a period however many calls are at work, until the last one ends', () => {
    let pings = 0;
    const lease = createLease(() => pings++, 1_000);
    const first = lease.hold();
    const second = lease.hold();
    first();
    first();
    vi.advanceTimersByTime(3_000);
    expect(pings).toBe(3);
    second();
    vi.advanceTimersByTime(3_000);
    expect(pings).toBe(3);
  });
});
