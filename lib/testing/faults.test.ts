import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backends } from '../backends/all.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { type Collected, collect, createStage } from './contract/stage.ts';
import { type FaultServer, startFaultServer } from './fault-server.ts';
import { type Fault, faultNames, faultTokens } from './faults.ts';
import { sleep, until } from './kit/wait.ts';

// All backends share one way out (lib/backends/http.ts), so one of them stands for all.
const stage = createStage({
  backend: backends.openai,
  start: () => Promise.reject(new Error('There is no emulator here.')),
  config: (url) => ({ baseUrl: `${url}/v1` }),
  model: 'gpt-4o-mini',
  wire: 'sse',
  toolArguments: 'text',
  chatKeys: [],
  headers: [],
});

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.close());

const text = faultTokens.join('');
const quick = { headers: 200, firstByte: 200, silence: 200 };
const none = new AbortController().signal;

function ask(fault: Fault, signal?: AbortSignal): Promise<Collected> {
  return collect(stage.chat({}, signal, stage.open({ url: server.url(fault), clocks: fault.startsWith('silence') ? quick : {} })));
}

/** The codes a fault may be told as, and the text that came before it. */
const told: Partial<Record<Fault, { codes: ErrorCode[]; before?: string }>> = {
  'reset-before-headers': { codes: ['unreachable', 'interrupted'] },
  'reset-in-headers': { codes: ['unreachable', 'interrupted'] },
  'close-before-headers': { codes: ['unreachable', 'interrupted'] },
  'bad-status-line': { codes: ['unreachable', 'bad-response'] },
  'huge-header': { codes: ['unreachable', 'bad-response'] },
  'reset-mid-body': { codes: ['interrupted'], before: text },
  'close-mid-chunk': { codes: ['interrupted'], before: text },
  'close-without-last-chunk': { codes: ['interrupted'], before: text },
  'short-content-length': { codes: ['interrupted'], before: text },
  'clean-end-without-finish': { codes: ['interrupted'], before: text },
  'bad-chunk-size': { codes: ['interrupted'], before: text },
  'not-gzip': { codes: ['interrupted', 'bad-response'] },
  silence: { codes: ['timeout'] },
  'silence-after-headers': { codes: ['timeout'] },
  'silence-after-text': { codes: ['timeout'], before: text },
  'gzip-bomb': { codes: ['bad-response'] },
  'huge-line': { codes: ['bad-response'] },
  'many-data-lines': { codes: ['bad-response'] },
};

describe('a broken connection', { timeout: 60_000 }, () => {
  for (const fault of faultNames.filter((name) => told[name])) {
    it(`(${fault}) is told in words`, async () => {
      const { error, parts, text: seen } = await ask(fault);
      expect(error?.name).toBe('SwitchboardError');
      expect(told[fault]?.codes).toContain(error?.code);
      expect(error?.message).toMatch(/127\.0\.0\.1:\d+/);
      expect(seen).toBe(told[fault]?.before ?? '');
      expect(parts.some((part) => part.type === 'end')).toBe(false);
    });
  }
});

describe('an odd connection', () => {
  for (const fault of ['one-byte-packets', 'http-1.0', 'drip'] as const) {
    it(`(${fault}) brings the whole answer`, async () => {
      const collected = await ask(fault);
      expect(collected.error).toBeUndefined();
      expect(collected.text).toBe(text);
    });
  }

  it('that stays open after the end delays nobody', async () => {
    const began = performance.now();
    expect((await ask('slow-close')).text).toBe(text);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('that only says it is alive can be stopped, and is not cut off before', async () => {
    await until(() => server.openConnections === 0, 'earlier connections to close');
    const controller = new AbortController();
    const engine = stage.open({ url: server.url('pings-without-end'), clocks: quick });
    const answer = collect(stage.chat({}, controller.signal, engine));
    await sleep(600);
    expect(server.openConnections).toBe(1);
    controller.abort();
    expect((await answer).error).toMatchObject({ code: 'aborted' });
    await until(() => server.openConnections === 0, 'the connection to close', 1000);
  });
});

describe('a redirect', () => {
  for (const fault of faultNames.filter((name) => name.startsWith('redirect'))) {
    it(`(${fault}) is not followed`, async () => {
      const heads = server.heads.length;
      expect((await ask(fault)).error).toMatchObject({ code: 'unreachable' });
      expect(server.heads.length).toBe(heads + 1);
      expect(server.lured).toEqual([]);
    });
  }
});

// Tens of megabytes take their time on a busy machine.
describe('a model list', { timeout: 60_000 }, () => {
  const list = (fault: Fault) => stage.open({ url: server.url(fault) }).models?.(none);

  it('that unfolds to more than memory allows is refused', async () => {
    await expect(list('gzip-bomb')).rejects.toMatchObject({ code: 'bad-response', message: expect.stringContaining('MB') });
  });

  it('of 50 MB is refused or cut down, and holds no model twice', async () => {
    const models = await list('huge-model-list')?.catch((error: { code: ErrorCode }) => error);
    if (Array.isArray(models)) expect(new Set(models.map((model) => model.id)).size).toBe(models.length);
    else expect(models).toMatchObject({ code: 'bad-response' });
  });
});
