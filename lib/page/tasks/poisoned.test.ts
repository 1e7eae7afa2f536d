import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('task APIs and LanguageModel, first looked into by a page that has replaced what it can, work and call no replacement', async () => {
  const fixture = fileURLToPath(new URL('./poisoned.fixture.ts', import.meta.url));
  const focusEvent = new URL('../../testing/focus-event.ts', import.meta.url).href;
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--import', focusEvent, fixture]);
  expect(JSON.parse(stdout)).toEqual({
    availability: 'available',
    model: 'available',
    tool: ['7', 'noon'],
    translated: 'Bonjour',
    streamed: 'Bonjour',
    usage: 5,
    tags: 'de-AT',
    detected: [{ detectedLanguage: 'de' }],
    seen: [],
  });
});
