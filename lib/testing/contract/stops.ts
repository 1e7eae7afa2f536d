import { describe, expect, it } from 'vitest';
import type { Scenario } from '../kit/scenario.ts';
import { sleep, until } from '../kit/wait.ts';
import { collect, hasAll, type Stage } from './stage.ts';

/** What happens when the caller has heard enough. */
export function promiseStops(stage: Stage): void {
  const streams = hasAll(stage.contract, 'stream');

  describe('a caller who stops', () => {
    const moments: [string, Scenario][] = [
      ['before the headers', { raw: 'silence' }],
      ['before the first byte', { raw: 'silence-after-headers' }],
      ['in the middle', { failAt: 2, failMode: 'silence' }],
      ['in a stream that never pauses', { endless: true }],
    ];
    for (const [when, scenario] of moments.filter(([, { endless }]) => streams || !endless)) {
      it(`${when} closes the connection at once and is told so`, async () => {
        stage.emulator.scenario = scenario;
        const controller = new AbortController();
        const answer = collect(stage.chat({}, controller.signal));
        await until(() => isAnswering(stage), 'the request');
        await sleep(20);
        controller.abort();
        await until(() => stage.emulator.aborted === 1, 'the connection to close', 1000);
        const { error, parts } = await answer;
        expect(error).toMatchObject({ name: 'SwitchboardError', code: 'aborted' });
        expect(parts.some((part) => part.type === 'end')).toBe(false);
      });
    }

    it.runIf(streams)('by leaving the loop closes the connection at once', async () => {
      stage.emulator.scenario = { endless: true };
      for await (const _ of stage.chat()) break;
      await until(() => stage.emulator.aborted === 1, 'the connection to close', 1000);
    });

    it('before the start sends nothing', async () => {
      const { error } = await collect(stage.chat({}, AbortSignal.abort()));
      expect(error).toMatchObject({ code: 'aborted' });
      expect(stage.emulator.requests).toHaveLength(0);
    });

    it('after the end changes nothing', async () => {
      const controller = new AbortController();
      const collected = await collect(stage.chat({}, controller.signal));
      controller.abort();
      expect(collected.error).toBeUndefined();
      expect(stage.emulator.aborted).toBe(0);
    });

    it('while models are listed closes the connection', async () => {
      stage.emulator.scenario = { raw: 'silence', scope: 'everything' };
      const controller = new AbortController();
      const listing = stage.open().models?.(controller.signal);
      const told = expect(listing).rejects.toMatchObject({ code: 'aborted' });
      await until(() => stage.emulator.activeRequests > 0, 'the request');
      controller.abort();
      await told;
      await until(() => stage.emulator.activeRequests === 0, 'the connection to close', 1000);
    });

    it('while a read is under way closes the connection at once', async () => {
      stage.emulator.scenario = { raw: 'silence-after-headers' };
      const reading = stage.chat()[Symbol.asyncIterator]();
      const pending = reading.next().catch(() => undefined);
      await until(() => isAnswering(stage), 'the request');
      await sleep(20);
      void reading.return?.();
      await until(() => stage.emulator.aborted === 1, 'the connection to close', 1000);
      await pending;
    });

    it.runIf(streams)('a hundred times leaves no connection behind', async () => {
      stage.emulator.scenario = { endless: true };
      for (let round = 0; round < 100; round += 1) {
        for await (const _ of stage.chat()) break;
      }
      await until(() => stage.emulator.activeRequests === 0, 'all connections to close', 2000);
    });
  });

  describe.runIf(hasAll(stage.contract, 'stream', 'flow'))('a caller who does not read', () => {
    it('makes the server wait', async () => {
      stage.emulator.scenario = { tokens: ['x'.repeat(50_000)], endless: true };
      const reading = stage.chat()[Symbol.asyncIterator]();
      await reading.next();
      const sent = () => stage.emulator.requests.at(-1)?.tokensSent ?? 0;
      // The buffers between the two fill up; then nothing leaves any more.
      for (let before = -1; before !== sent(); ) {
        before = sent();
        await sleep(150);
        expect(before).toBeLessThan(1000);
      }
      await reading.return?.();
      await until(() => stage.emulator.activeRequests === 0, 'the connection to close', 1000);
    });
  });

  describe.runIf(hasAll(stage.contract, 'queue'))('many callers at once', () => {
    it('each get their own answer', async () => {
      stage.emulator.next(...Array.from({ length: 20 }, (_, index) => ({ tokens: [`answer ${index} `, 'of', ' many'], tokenDelayMs: 2 })));
      const engine = stage.open();
      const answers = await Promise.all(Array.from({ length: 20 }, () => collect(stage.chat({}, undefined, engine))));
      expect(answers.map(({ error }) => error).filter(Boolean)).toEqual([]);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(20);
      for (const { text } of answers) expect(text).toMatch(/^answer \d+ of many$/);
    });
  });
}

/** The request for the answer has come, and not only what was asked before it. */
function isAnswering({ emulator }: Stage): boolean {
  return emulator.requests.some(({ wantsAnswer, outcome }) => wantsAnswer && outcome === 'open');
}
