import { afterAll, beforeAll, expect, it } from 'vitest';
import { burstText, stampsOf, startBurst } from './burst.ts';
import type { Emulator } from './kit/start-emulator.ts';

let burst: Emulator;
beforeAll(async () => {
  burst = await startBurst();
});
afterAll(() => burst.close());

async function textOf(model: string): Promise<string> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'go' }], stream: true });
  const response = await fetch(`${burst.url}/v1/chat/completions`, { method: 'POST', body });
  const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('data: {'));
  return events.map((event) => JSON.parse(event.slice(6)).choices[0]?.delta.content ?? '').join('');
}

it('streams every token of a burst', async () => {
  expect(await textOf('burst?count=10000')).toBe(burstText(10_000));
});

it('stamps every token of a paced answer with the time it left', async () => {
  const began = Date.now();
  const stamps = stampsOf(await textOf('pace?count=20&tokenDelayMs=5'));
  expect(stamps).toHaveLength(20);
  expect(stamps).toEqual([...stamps].sort());
  expect((stamps.at(-1) ?? 0) - (stamps[0] ?? 0)).toBeGreaterThan(80);
  expect(stamps[0]).toBeGreaterThan(began - 5);
});
