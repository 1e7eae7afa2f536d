import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

describe('after a page has replaced what it can', () => {
  it('the provider works all the same, and no replacement is ever called', async () => {
    const fixture = fileURLToPath(new URL('./poisoned.fixture.ts', import.meta.url));
    const focusEvent = new URL('../testing/focus-event.ts', import.meta.url).href;
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--import', focusEvent, fixture]);
    expect(JSON.parse(stdout)).toEqual({
      whole: { whole: { messages: [{ role: 'user', content: 'Hi' }] } },
      streamed: 'Hello',
      listed: { method: 'models.list', params: {} },
      asked: { method: 'access.request', params: { reason: 'because' } },
      refused: 'bad-request',
      old: { text: 'Hi' },
      heard: 'Hi',
      seen: [],
    });
  });
});
