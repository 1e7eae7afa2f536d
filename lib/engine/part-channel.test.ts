import { expect, test } from 'vitest';
import type { Part } from '../protocol/part.ts';
import { createPartChannel } from './part-channel.ts';

const text = (value: string): Part => ({ type: 'text', text: value });

async function read(channel: AsyncIterable<Part[]>): Promise<string[]> {
  const arrays: string[] = [];
  for await (const parts of channel) arrays.push(parts.map((part) => (part.type === 'text' ? part.text : part.type)).join(' '));
  return arrays;
}

test('what comes while the reader waits goes out at once', async () => {
  const channel = createPartChannel();
  const reading = read(channel);
  for (const each of ['a', 'b', 'c']) {
    channel.push([text(each)]);
    await new Promise((resolve) => setTimeout(resolve));
  }
  channel.close();

  expect(await reading).toEqual(['a', 'b', 'c']);
});

test('what comes while the reader is busy goes out as one array', async () => {
  const channel = createPartChannel();
  channel.push([text('a')]);
  channel.push([text('b'), text('c')]);
  channel.close();

  expect(await read(channel)).toEqual(['a b c']);
});

test('a failure comes after what was pushed before it, and nothing comes after it', async () => {
  const channel = createPartChannel();
  const got: Part[][] = [];
  channel.push([text('a')]);
  channel.fail(new Error('over'));
  channel.push([text('b')]);
  channel.close();

  await expect(
    (async () => {
      for await (const parts of channel) got.push(parts);
    })(),
  ).rejects.toThrow('over');
  expect(got).toEqual([[text('a')]]);
});
