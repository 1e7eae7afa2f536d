import { describe, expect, it } from 'vitest';
import { createRateLimiter } from './limits.ts';

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

  it('counts two interleaved askers each by itself', () => {
    const limiter = createRateLimiter(() => 0);
    const limits = { callsPerMinute: 2 };
    for (let n = 0; n < 2; n++) for (const asker of ['a', 'b']) limiter.enter(asker, limits);
    for (const asker of ['a', 'b']) expect(() => limiter.enter(asker, limits)).toThrow();
  });

  it('leaves a grant without limits alone', () => {
    const limiter = createRateLimiter(() => 0);
    for (let n = 0; n < 10_000; n++) limiter.enter('a', {});
  });
});
