import { describe, expect, test } from 'vitest';
import type { GgufValue } from '../testing/gguf-writer.ts';
import { tinyGguf } from '../testing/tiny-gguf.ts';
import { checkSize, maxModelBytes, readModelFacts } from './model-facts.ts';

const uint = (value: number): GgufValue => ({ type: 'uint32', value });
const string = (value: string): GgufValue => ({ type: 'string', value });
const facts = (metadata: Record<string, GgufValue> = {}, contextLength = 512) =>
  readModelFacts(new Blob([tinyGguf({ contextLength, metadata })]), 'x.gguf');

describe('what a model file can do', () => {
  test('a model with a chat template chats, writes and keeps to schemas', async () => {
    expect(await facts()).toEqual({ name: 'Tiny counter', contextWindow: 512, abilities: ['chat', 'text', 'schema'] });
  });

  test('tools and thinking are read from the chat template', async () => {
    const template = "{% if tools %}{{ tools }}{% endif %}{% if enable_thinking %}<think>{% endif %}{{ messages[0]['content'] }}";

    expect((await facts({ 'tokenizer.chat_template': string(template) })).abilities).toEqual([
      'chat',
      'text',
      'schema',
      'tools',
      'thinking',
    ]);
  });

  test('a model without a chat template writes on', async () => {
    expect((await facts({ 'tokenizer.chat_template': string('') })).abilities).toEqual(['text', 'schema']);
  });

  test('a model made for embeddings does only those', async () => {
    expect((await facts({ 'llama.pooling_type': uint(1) })).abilities).toEqual(['embed']);
    expect((await facts({ 'general.architecture': string('nomic-bert') })).abilities).toEqual(['embed']);
  });

  test('a long context is cut to what the memory holds', async () => {
    const wide = {
      'llama.block_count': uint(32),
      'llama.embedding_length': uint(4096),
      'llama.attention.head_count': uint(32),
      'llama.attention.head_count_kv': uint(8),
    };

    expect((await facts({}, 131_072)).contextWindow).toBe(8192);
    expect((await facts(wide, 131_072)).contextWindow).toBe(4096);
    expect((await facts({ ...wide, 'llama.attention.head_count_kv': uint(32) }, 131_072)).contextWindow).toBe(1024);
    expect((await facts({ ...wide, 'llama.attention.head_count_kv': uint(32) }, 300)).contextWindow).toBe(300);
  });
});

describe('what the engine could not open is refused with the next step', () => {
  test.each([
    ['a part of a split model', { 'split.count': uint(3), 'split.no': uint(1) }, /part 2 of 3.*llama-gguf-split --merge/],
    ['an image projector', { 'general.architecture': string('clip') }, /image projector.*model file it belongs to/],
    ['a LoRA adapter', { 'general.type': string('adapter') }, /LoRA adapter/],
  ])('%s', async (_, metadata, message) => {
    await expect(facts(metadata as Record<string, GgufValue>)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(message),
    });
  });

  test('a file that ends before its last tensor does', async () => {
    const file = tinyGguf();

    await expect(readModelFacts(new Blob([file.subarray(0, file.length - 1)]), 'x.gguf')).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('cut off'),
    });
  });

  test('a web page that was saved as a model', async () => {
    await expect(readModelFacts(new Blob(['<!doctype html>']), 'x.gguf')).rejects.toMatchObject({
      message: expect.stringContaining('x.gguf is a web page'),
    });
  });

  test('more than two gigabytes, with what to do instead', () => {
    expect(() => checkSize(maxModelBytes + 1, 'big.gguf')).toThrow(
      expect.objectContaining({ code: 'too-large', message: expect.stringMatching(/big\.gguf has 2\.0 GB.*smaller quantisation/) }),
    );
    expect(() => checkSize(maxModelBytes, 'big.gguf')).not.toThrow();
  });
});
