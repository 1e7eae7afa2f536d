import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateLimiter, slowed } from './limits.ts';

describe('the rate limiter', () => {
  it('lets so many calls a minute begin, and says when the next may', () => {
    let now = 0;
    const limiter = createRateLimiter(() => now);
    for (let n = 0; n < 3; n++, now += 1_000) limiter.enter('a', { callsPerMinute: 3 })();
    expect(() => limiter.enter('a', { callsPerMinute: 3 })).toThrow(
      expect.objectContaining({ code: 'rate-limited', retryAfterSeconds: 57 }),
    );
    now = 60_000;
    limiter.enter('a', { callsPerMinute: 3 });
  });

  it('lets so many run at a time, and counts an end once', () => {
    const limiter = createRateLimiter(() => 0);
    const leave = limiter.enter('a', { concurrent: 2 });
    limiter.enter('a', { concurrent: 2 });
    expect(() => limiter.enter('a', { concurrent: 2 })).toThrow(expect.objectContaining({ code: 'rate-limited' }));
    leave();
    leave();
    limiter.enter('a', { concurrent: 2 });
    expect(() => limiter.enter('a', { concurrent: 2 })).toThrow(expect.objectContaining({ code: 'rate-limited' }));
  });

  it('keeps a call waiting until another ends, the longest first, and lets it go when it is stopped', async () => {
    const limiter = createRateLimiter(() => 0);
    const never = new AbortController().signal;
    const limits = { concurrent: 1 };
    const order: string[] = [];
    const run = async (name: string, signal: AbortSignal) => {
      const leave = await limiter.enterInTurn('a', limits, 1, signal);
      order.push(name);
      await Promise.resolve();
      leave();
    };
    const leave = limiter.enter('a', limits);
    const stopped = new AbortController();
    const calls = [run('first', never), run('stopped', stopped.signal), run('second', never), run('third', never)];
    await limiter.enterInTurn('b', limits, 1, never);
    stopped.abort('enough');
    await expect(calls[1]).rejects.toBe('enough');
    expect(order).toEqual([]);
    leave();
    await Promise.all([calls[0], calls[2], calls[3]]);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('counts two interleaved askers each by itself', () => {
    const limiter = createRateLimiter(() => 0);
    const limits = { callsPerMinute: 2 };
    for (let n = 0; n < 2; n++) for (const asker of ['a', 'b']) limiter.enter(asker, limits);
    for (const asker of ['a', 'b']) expect(() => limiter.enter(asker, limits)).toThrow();
  });

  it('interleaves ten askers without one wiping the count of another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), fc.nat(20_000)), { maxLength: 200 }),
        fc.integer({ min: 1, max: 5 }),
        (calls, callsPerMinute) => {
          let now = 0;
          const limiter = createRateLimiter(() => now);
          const begun = new Map<number, number[]>();
          for (const [asker, pause] of calls) {
            now += pause;
            const recent = (begun.get(asker) ?? []).filter((at) => now - at < 60_000);
            let isLetIn = true;
            try {
              limiter.enter(`https://${asker}.example`, { callsPerMinute })();
              recent.push(now);
            } catch {
              isLetIn = false;
            }
            begun.set(asker, recent);
            expect(isLetIn ? recent.length <= callsPerMinute : recent.length === callsPerMinute).toBe(true);
          }
        },
      ),
    );
  });

  it('says nothing of the figures to a page, and which limit it was to the user', () => {
    const limiter = createRateLimiter(() => 0);
    limiter.enter('a', { callsPerMinute: 1, concurrent: 7 });
    let thrown: unknown;
    try {
      limiter.enter('a', { callsPerMinute: 1, concurrent: 7 });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ cause: { limit: 'callsPerMinute' } });
    expect((thrown as Error).message).not.toMatch(/\b[17]\b/);
  });

  it('gives a page that nobody sees a tenth of the calls, and at least one', () => {
    expect(slowed({ callsPerMinute: 60, concurrent: 2 })).toEqual({ callsPerMinute: 6, concurrent: 2 });
    expect(slowed({ callsPerMinute: 3 })).toEqual({ callsPerMinute: 1 });
    expect(slowed({})).toEqual({ callsPerMinute: 6 });
  });

  it('leaves a grant without limits alone', () => {
    const limiter = createRateLimiter(() => 0);
    for (let n = 0; n < 10_000; n++) limiter.enter('a', {});
  });

  it('counts each of several answers to one request', () => {
    const limiter = createRateLimiter(() => 0);
    limiter.enter('a', { callsPerMinute: 5 }, 4);
    expect(() => limiter.enter('a', { callsPerMinute: 5 }, 2)).toThrow(/all the calls/);
    limiter.enter('a', { callsPerMinute: 5 });
  });
});
