import { describe, expect, it } from 'vitest';
import type { Part } from '../protocol/part.ts';
import type { Journal } from './journal.ts';
import type { ModelWork } from './model-work.ts';
import { createModelWorker } from './runner.ts';

describe('getting a model', () => {
  it('that the death of the background cut off is told by the next one, until it is tried again', async () => {
    let kept: ModelWork[] = [];
    const journal: Journal = {
      read: async () => kept,
      keep: async (running) => {
        kept = structuredClone(running);
      },
    };
    let finish = () => {};
    const worker = () =>
      createModelWorker({
        journal,
        begin: async () => answer(new Promise((resolve) => (finish = resolve))),
        changed: async () => {},
        hold: () => () => {},
      });
    await worker().start('pull', 'ollama', 'tiny:1b');
    await expect.poll(() => kept).toMatchObject([{ model: 'tiny:1b', state: 'running' }]);

    const next = worker();
    let seen: ModelWork[] = [];
    next.watch((all) => (seen = all));
    await expect.poll(() => seen).toMatchObject([{ model: 'tiny:1b', kind: 'pull', state: 'failed', error: { code: 'interrupted' } }]);
    await next.start('pull', 'ollama', 'tiny:1b');
    await expect.poll(() => seen).toMatchObject([{ state: 'running' }]);
    finish();
    await expect.poll(() => seen).toEqual([]);
    await expect.poll(() => kept).toEqual([]);
  });
});

async function* answer(until: Promise<void>): AsyncGenerator<Part[]> {
  await until;
  yield [{ type: 'end', reason: 'stop' }];
}
