import { expect, test } from 'vitest';
import { tidyAddress } from './tidy-address.ts';

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
  ['', ''],
])('%s is read as %s', (pasted, address) => {
  expect(tidyAddress(pasted)).toBe(address);
});
