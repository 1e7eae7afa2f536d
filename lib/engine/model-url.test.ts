import { describe, expect, test } from 'vitest';
import { fileNameOf, parseModelUrl } from './model-url.ts';

describe('the address of a model', () => {
  test.each([
    ['https://example.com/a/b.gguf', 'https://example.com/a/b.gguf'],
    [' http://127.0.0.1:8080/b.gguf ', 'http://127.0.0.1:8080/b.gguf'],
    ['http://localhost/b.gguf#part', 'http://localhost/b.gguf'],
    ['https://huggingface.co/someone/model/blob/main/b.gguf', 'https://huggingface.co/someone/model/resolve/main/b.gguf'],
  ])('%s', (input, address) => {
    expect(parseModelUrl(input).href).toBe(address);
  });

  test.each([
    'b.gguf',
    '',
    'http://example.com/b.gguf',
    'http://192.168.1.2/b.gguf',
    'file:///b.gguf',
    'ftp://example.com/b.gguf',
    'https://me:word@example.com/b.gguf',
  ])('%s is refused', (input) => {
    expect(() => parseModelUrl(input)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  test('names the file without its path and its query', () => {
    expect(fileNameOf(new URL('https://example.com/a/my%20model.gguf?download=true'))).toBe('my model.gguf');
    expect(fileNameOf(new URL('https://example.com/'))).toBe('example.com');
    expect(fileNameOf(new URL('https://example.com/%E0%A4%A'))).toBe('%E0%A4%A');
  });
});
