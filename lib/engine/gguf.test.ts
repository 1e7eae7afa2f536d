import { describe, expect, test } from 'vitest';
import { writeGguf } from '../testing/gguf-writer.ts';
import { tinyGguf } from '../testing/tiny-gguf.ts';
import { readGgufHeader } from './gguf.ts';

describe('the head of a GGUF file', () => {
  test('tells scalars and strings, and the lengths of arrays', async () => {
    const { version, metadata, arrayLengths, tensorCount } = await readGgufHeader(new Blob([tinyGguf({ contextLength: 777 })]));

    expect(version).toBe(3);
    expect(metadata.get('general.name')).toBe('Tiny counter');
    expect(metadata.get('llama.context_length')).toBe(777);
    expect(metadata.get('tokenizer.ggml.add_bos_token')).toBe(true);
    expect(arrayLengths.get('tokenizer.ggml.tokens')).toBe(270);
    expect(tensorCount).toBe(12);
  });

  test('tells how long the file must be, to the byte', async () => {
    const file = tinyGguf();

    expect((await readGgufHeader(new Blob([file]))).leastBytes).toBe(file.length);
  });

  test('is read across slices, and arrays longer than a slice are stepped over', async () => {
    const words = Array.from({ length: 100_000 }, (_, index) => `a word that is number ${index}`);
    const file = writeGguf(
      {
        words: { type: 'strings', value: words },
        numbers: { type: 'float32s', value: words.map(Number) },
        last: { type: 'string', value: 'here' },
      },
      [],
    );

    const { metadata, arrayLengths } = await readGgufHeader(new Blob([file]));

    expect(metadata.get('last')).toBe('here');
    expect(arrayLengths).toEqual(
      new Map([
        ['words', 100_000],
        ['numbers', 100_000],
      ]),
    );
  });

  test.each([
    ['a web page', '\n<!DOCTYPE html><html lang="en">…', 'html'],
    ['an error of a file store', '<?xml version="1.0"?><Error/>', 'html'],
    ['another format', 'PK\x03\x04 and so on', 'not-gguf'],
    ['almost nothing', 'GG', 'cut-off'],
    ['a head that ends at once', 'GGUF\x03\0\0\0', 'cut-off'],
    ['the first version', 'GGUF\x01\0\0\0\0\0\0\0', 'old'],
    ['the other byte order', 'GGUF\0\0\0\x03\0\0\0\0', 'damaged'],
  ])('%s is told apart', async (_, text, reason) => {
    await expect(readGgufHeader(new Blob([text]))).rejects.toMatchObject({ name: 'GgufError', reason });
  });

  test('a count or a length that no file has is not believed', async () => {
    const file = tinyGguf();
    const counts = file.slice();
    new DataView(counts.buffer).setBigUint64(16, 1n << 60n, true);
    const length = file.slice();
    new DataView(length.buffer).setBigUint64(24, 1n << 60n, true);

    await expect(readGgufHeader(new Blob([counts]))).rejects.toMatchObject({ reason: 'damaged' });
    await expect(readGgufHeader(new Blob([length]))).rejects.toMatchObject({ reason: 'damaged' });
  });

  test('a file cut anywhere in its head is cut off', async () => {
    const file = tinyGguf();
    for (let length = 4; length < 5000; length += 97) {
      await expect(readGgufHeader(new Blob([file.subarray(0, length)]))).rejects.toMatchObject({ reason: 'cut-off' });
    }
  });
});
