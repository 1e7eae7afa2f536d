import { describe, expect, test } from 'vitest';
import { createQueue, type Place } from './queue.ts';

const never = new AbortController().signal;

/** What a place is told, and whether it has its turn. */
function watch(place: Place) {
  const state = { told: [] as number[], isTurn: false, error: undefined as unknown };
  void (async () => {
    try {
      for await (const ahead of place.wait()) state.told.push(ahead);
      state.isTurn = true;
    } catch (error) {
      state.error = error;
    }
  })();
  return state;
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('the line before a model', () => {
  test('serves one at a time, in the order of coming, and tells each how many are ahead', async () => {
    const queue = createQueue();
    const places = [1, 2, 3].map(() => queue.enter(never));
    const [first, second, third] = places.map(watch);
    await settle();
    expect([first, second, third].map((each) => each?.isTurn)).toEqual([true, false, false]);

    places[0]?.leave();
    await settle();
    places[1]?.leave();
    await settle();

    expect(first).toMatchObject({ told: [], isTurn: true });
    expect(second).toMatchObject({ told: [1], isTurn: true });
    expect(third).toMatchObject({ told: [2, 1], isTurn: true });
  });

  test('closes up when one in the middle goes away', async () => {
    const queue = createQueue();
    const stop = new AbortController();
    const first = queue.enter(never);
    const second = queue.enter(stop.signal);
    const third = queue.enter(never);
    const [, waiting, last] = [first, second, third].map(watch);
    await settle();

    stop.abort();
    await settle();
    second.leave();
    await settle();

    expect(waiting?.error).toMatchObject({ code: 'aborted' });
    expect(last?.told).toEqual([2, 1]);
    expect(queue.length()).toBe(2);
  });

  test('leaving twice lets nobody else go', () => {
    const queue = createQueue();
    const first = queue.enter(never);
    queue.enter(never);

    first.leave();
    first.leave();

    expect(queue.length()).toBe(1);
  });
});
