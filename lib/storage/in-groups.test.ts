import { describe, expect, it } from 'vitest';
import { inGroups } from './in-groups.ts';

/** A commit that the test lets happen, and what each was given. */
function stage(isBad: (item: string) => boolean = () => false) {
  const commits: string[][] = [];
  const write = inGroups<string>(async (items) => {
    commits.push(items);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (items.some(isBad)) throw new Error('full');
  });
  return { commits, write };
}

describe('writing in groups', () => {
  it('puts what comes while a transaction runs into one transaction after it, in order', async () => {
    const { commits, write } = stage();
    const first = write(['a']);
    await Promise.resolve();
    await Promise.all([first, write(['b', 'c']), write(['d'])]);
    await write(['e']);
    expect(commits).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  });

  it('puts what is written in the same breath into one transaction', async () => {
    const { commits, write } = stage();
    await Promise.all([write(['a']), write(['b', 'c'])]);
    expect(commits).toEqual([['a', 'b', 'c']]);
  });

  it('fails only those writes of a group that fail by themselves', async () => {
    const { write } = stage((item) => item === 'bad');
    const outcomes = await Promise.allSettled([write(['a']), write(['b']), write(['bad']), write(['c'])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('goes on after a failure', async () => {
    const { commits, write } = stage((item) => item === 'bad');
    await expect(write(['bad'])).rejects.toThrow('full');
    await write(['a']);
    expect(commits).toEqual([['bad'], ['a']]);
  });
});
