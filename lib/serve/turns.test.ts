import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createTurns } from './turns.ts';

describe('turns', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => void vi.useRealTimers();
  });

  it('[A-28] lets a tab that asks thousands of times at once wait for itself, and nobody else', () => {
    const turns = createTurns(4);
    let begun = 0;
    for (let count = 0; count < 1_000; count++) {
      turns.take(1, () => {
        begun += 1;
        return true;
      });
    }
    expect(begun).toBe(4);
    let isOther = false;
    turns.take(2, () => {
      isOther = true;
      return false;
    });
    expect(isOther).toBe(true);
  });

  it('goes on in order, a few in each task, as places become free', () => {
    const turns = createTurns(2);
    const order: number[] = [];
    const ends: (() => void)[] = [];
    for (let count = 0; count < 6; count++) {
      turns.take(1, (done) => {
        order.push(count);
        ends.push(done);
        return true;
      });
    }
    expect(order).toEqual([0, 1]);
    for (const end of ends.splice(0)) end();
    expect(order).toEqual([0, 1]);
    vi.advanceTimersByTime(0);
    expect(order).toEqual([0, 1, 2, 3]);
    for (const end of ends) {
      end();
      end();
    }
    vi.advanceTimersByTime(1);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps nobody behind a call that waits for the user or a server', () => {
    const turns = createTurns(2);
    for (let count = 0; count < 2; count++) turns.take(1, () => true);
    let isNext = false;
    turns.take(1, () => {
      isNext = true;
      return false;
    });
    expect(isNext).toBe(false);
    vi.advanceTimersByTime(25);
    expect(isNext).toBe(true);
  });

  it('takes no place for what takes none', () => {
    const turns = createTurns(1);
    let begun = 0;
    for (let count = 0; count < 100; count++) {
      turns.take(1, () => {
        begun += 1;
        return false;
      });
    }
    expect(begun).toBe(100);
  });
});
