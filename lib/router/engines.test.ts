import '../backends/all.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createEngines } from './engines.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

it('a connection waits as long as its user said, and no longer', async () => {
  const baseUrl = await silentServer();
  const engine = createEngines().openDraft(
    { backend: 'custom', config: { baseUrl }, patience: { firstWordSeconds: 0.2, retrySeconds: 0 } },
    {},
  );
  const asked = performance.now();
  const answer = engine.chat?.(
    { model: 'any', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] },
    new AbortController().signal,
  );
  await expect(answer?.[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'timeout' });
  expect(performance.now() - asked).toBeGreaterThan(150);
});

/** Takes requests and says nothing. */
async function silentServer(): Promise<string> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
