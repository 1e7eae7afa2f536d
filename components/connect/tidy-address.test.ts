import { expect, test } from 'vitest';
import { keyIn, tidyAddress } from './tidy-address.ts';

test.each([
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['  localhost:11434 ', 'localhost:11434'],
  ['192.168.1.5:5001', '192.168.1.5:5001'],
  ['"http://127.0.0.1:5000/v1"', 'http://127.0.0.1:5000/v1'],
  ['`localhost:1234`', 'localhost:1234'],
  ['<http://box.local:8000>', 'http://box.local:8000'],
  ['http://127.0.0.1:5001/#', 'http://127.0.0.1:5001/'],
  ['http://127.0.0.1:7860/?__theme=dark', 'http://127.0.0.1:7860/'],
  ['http://127.0.0.1:5000/docs', 'http://127.0.0.1:5000'],
  ['Please connect to custom endpoint at http://localhost:5001.', 'http://localhost:5001'],
  ['curl http://localhost:11434/api/generate -d \'{"model": "x"}\'', 'http://localhost:11434/api/generate'],
  ['OPENAI_BASE_URL=http://10.0.0.7:4000/v1', 'http://10.0.0.7:4000/v1'],
  ['INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)', 'http://0.0.0.0:8000'],
  ['https://quiet-lake-1.trycloudflare.com/api', 'https://quiet-lake-1.trycloudflare.com/api'],
  ['curl -X POST localhost:11434/api/chat -d \'{"model": "x"}\'', 'localhost:11434/api/chat'],
  ['curl box:11434/api/generate -d \'{"prompt": "see http://example.com/x"}\'', 'box:11434/api/generate'],
  ["curl --location 'localhost:1234/v1/chat/completions' --header 'Content-Type: application/json'", 'localhost:1234/v1/chat/completions'],
  ['OLLAMA_HOST=127.0.0.1:11434', '127.0.0.1:11434'],
  ['time=2026-11-22T19:22:52.1Z level=INFO source=routes.go:1298 msg="Listening on 127.0.0.1:11434 (version 0.9.0)"', '127.0.0.1:11434'],
  ['Listening on [::]:11434', '[::]:11434'],
  ['http://[::1]', 'http://[::1]'],
  ['http://[::1]:8080/v1', 'http://[::1]:8080/v1'],
  ['11434', '127.0.0.1:11434'],
  [':5001', '127.0.0.1:5001'],
  ['“http://127.0.0.1:8080”', 'http://127.0.0.1:8080'],
  ['http：//127.0.0.1：8080。', 'http://127.0.0.1:8080'],
  ['\u200bhttp://127.0.0.1:8080\u200b', 'http://127.0.0.1:8080'],
  ['http://127.0.0.1 : 8080', 'http://127.0.0.1:8080'],
  ['http://http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http//127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http:127.0.0.1:8080', 'http://127.0.0.1:8080'],
  // What is wrong with these is said by whoever reads addresses.
  ['user:word@127.0.0.1:8080', 'user:word@127.0.0.1:8080'],
  ['ws://127.0.0.1:8080', 'ws://127.0.0.1:8080'],
  ['', ''],
])('%s is read as %s', (pasted, address) => {
  expect(tidyAddress(pasted)).toBe(address);
});

test('a key in a pasted command is found, and a variable is not a key', () => {
  const key = `sk-${'test'}-1`;
  expect(keyIn(`curl http://box:8080/v1/models -H "Authorization: Bearer ${key}"`)).toBe(key);
  expect(keyIn(`curl http://box:8080/v1/models -H 'x-api-key: ${key}' -d '{}'`)).toBe(key);
  expect(keyIn('curl https://api.example/v1 -H "Authorization: Bearer $OPENAI_API_KEY"')).toBeUndefined();
  expect(keyIn('http://127.0.0.1:8080')).toBeUndefined();
});
