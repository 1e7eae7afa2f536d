import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../protocol/errors.ts';
import { startGateway } from '../emulators/gateway.ts';
import type { FailMode, Failure } from '../kit/scenario.ts';
import { stockTokens } from '../openai-shape/plan-reply.ts';
import { collect, hasAll, prompt, type Stage } from './stage.ts';

const usualCodes: Partial<Record<Failure, ErrorCode>> = {
  unauthorized: 'unauthorized',
  'out-of-credit': 'payment-required',
  'model-not-found': 'model-not-found',
  'rate-limited': 'rate-limited',
  'context-length': 'context-length',
  'bad-request': 'bad-request',
  overloaded: 'overloaded',
  server: 'backend-error',
};

/** What the caller is told when something goes wrong, and what never. */
export function promiseFailures(stage: Stage): void {
  const { contract } = stage;
  const streams = hasAll(contract, 'stream');
  const codes = Object.entries({ ...usualCodes, ...contract.codes }) as [Failure, ErrorCode | undefined][];

  describe('a failure', () => {
    for (const [failure, code] of codes.filter(([, code]) => code !== undefined)) {
      it(`${failure} is told as ${code}`, async () => {
        stage.emulator.scenario = { failure };
        const { error, parts } = await collect(stage.chat());
        expect(error).toMatchObject({ name: 'SwitchboardError', code });
        expect(error?.message).not.toContain('lighthouse');
        expect(parts.filter((part) => part.type !== 'loading')).toEqual([]);
      });
    }

    it.runIf(contract.secret)('for want of the right key is told as unauthorized', async () => {
      const { error } = await collect(stage.chat({}, undefined, stage.open({ secret: 'wrong-one' })));
      expect(error).toMatchObject({ code: 'unauthorized' });
      expect(error?.message).not.toContain('wrong-one');
    });

    it.skipIf(contract.takesAnyModel)('names a missing model', async () => {
      const { error } = await collect(stage.chat({ model: 'no-such-model' }));
      expect(error).toMatchObject({ code: 'model-not-found' });
    });

    it('passes on how long to wait', async () => {
      stage.emulator.scenario = { failure: 'rate-limited', retryAfter: '42' };
      expect((await collect(stage.chat())).error).toMatchObject({ code: 'rate-limited', retryAfterSeconds: 42 });
    });

    it('that is over in a moment is not told at all', async () => {
      stage.emulator.next({ failure: 'rate-limited', retryAfter: '0' });
      const collected = await collect(stage.chat({}, undefined, stage.open({ clocks: { patience: 5000 } })));
      expect(collected.error).toBeUndefined();
      expect(collected.text).toBe(stockTokens.join(''));
    });

    it('to connect names the host', async () => {
      const gone = await startGateway();
      await gone.close();
      const { error } = await collect(stage.chat({}, undefined, stage.open({ url: gone.url })));
      expect(error).toMatchObject({ code: 'unreachable' });
      expect(error?.message).toContain(`127.0.0.1:${gone.port}`);
    });

    it.skipIf(contract.takesAnyPath)('of the path is told as such', async () => {
      const { error } = await collect(stage.chat({}, undefined, stage.open({ url: `${stage.emulator.url}/some/where/else` })));
      expect(['bad-response', 'model-not-found']).toContain(error?.code);
    });

    const odd: [string, Parameters<typeof setRaw>[1], ErrorCode[]][] = [
      ['a web page at 200', 'html-200', ['bad-response']],
      ['a web page at 500', 'html-500', ['backend-error']],
      ['an empty body at 500', 'empty-500', ['backend-error']],
      ['nothing at 200', 'empty-200', ['bad-response', 'interrupted']],
      ['a 204', 'no-content', ['bad-response', 'interrupted']],
      ['half an event', 'not-json', ['bad-response', 'interrupted']],
      ['null', 'json-null', ['bad-response', 'interrupted']],
      ['an empty list', 'json-array', ['bad-response', 'interrupted']],
      ['a closed connection', 'close', ['unreachable', 'interrupted']],
      ['a reset connection', 'reset', ['unreachable', 'interrupted']],
      ['a browser login', 'browser-login', ['unauthorized']],
    ];
    for (const [what, raw, expected] of odd) {
      it(`of a server that answers ${what} has its code`, async () => {
        setRaw(stage, raw);
        const { error, parts } = await collect(stage.chat());
        expect(expected).toContain(error?.code);
        expect(parts.some((part) => part.type === 'end')).toBe(false);
        expect(error?.message).not.toContain('hotel');
      });
    }

    const cuts: FailMode[] = ['cut', 'fin', 'reset', 'half-character'];
    for (const failMode of cuts) {
      it(`in the middle (${failMode}) is told as interrupted, after the text so far`, async () => {
        stage.emulator.scenario = { failAt: 4, failMode };
        const { error, text, parts } = await collect(stage.chat());
        expect(error).toMatchObject({ code: 'interrupted' });
        expect(text).toBe(streams ? stockTokens.slice(0, 4).join('') : '');
        expect(parts.some((part) => part.type === 'end')).toBe(false);
      });
    }

    const inStream: [Failure, ErrorCode][] = [
      ['server', contract.codes?.server ?? 'backend-error'],
      ['context-length', 'context-length'],
    ];
    const tellable = contract.streamFailures ?? ['server', 'context-length'];
    for (const [failure, code] of inStream.filter(([failure]) => streams && tellable.includes(failure))) {
      it(`in the stream (${failure}) has its code, after the text so far`, async () => {
        stage.emulator.scenario = { failAt: 3, failure, chunking: 'byte' };
        const { error, text } = await collect(stage.chat());
        expect(error).toMatchObject({ code: contract.losesStreamErrors ? 'interrupted' : code });
        expect(text).toBe(stockTokens.slice(0, 3).join(''));
      });
    }

    it('by silence ends in time, wherever the silence falls', async () => {
      const moments = [{ raw: 'silence' as const }, { raw: 'silence-after-headers' as const }, { failAt: 2, failMode: 'silence' as const }];
      for (const scenario of moments) {
        stage.emulator.scenario = scenario;
        const engine = stage.open({ clocks: { headers: 150, firstByte: 150, silence: 150 } });
        expect((await collect(stage.chat({}, undefined, engine))).error).toMatchObject({ code: 'timeout' });
      }
    });

    it.runIf(contract.secret)('never repeats the key, whatever the server says', async () => {
      const { secret = '' } = contract;
      for (const [failure] of codes) {
        for (const failAt of [undefined, 1]) {
          stage.emulator.scenario = { failure, echoSecret: true, ...(failAt !== undefined && { failAt }) };
          const { error } = await collect(stage.chat());
          expect(error, failure).toBeDefined();
          expect(JSON.stringify({ ...error, message: error?.message, cause: error?.cause }), failure).not.toContain(secret);
          expect(error?.stack, failure).not.toContain(secret);
        }
      }
    });

    it('of the model list is told like any other', async () => {
      stage.emulator.scenario = { failure: 'server', scope: 'everything' };
      await expect(stage.open().models?.(new AbortController().signal)).rejects.toMatchObject({
        code: contract.codes?.server ?? 'backend-error',
      });
      stage.emulator.scenario = { raw: 'html-200', scope: 'everything' };
      await expect(stage.open().models?.(new AbortController().signal)).rejects.toMatchObject({ code: 'bad-response' });
    });

    it('leaves the next call alone', async () => {
      stage.emulator.next({ failAt: 1, failMode: 'reset' }, {});
      const engine = stage.open();
      expect((await collect(stage.chat({}, undefined, engine))).error).toBeDefined();
      expect((await collect(stage.chat({}, undefined, engine))).text).toBe(stockTokens.join(''));
      expect(prompt).toContain('lighthouse');
    });
  });
}

function setRaw(stage: Stage, raw: NonNullable<Stage['emulator']['scenario']['raw']>): void {
  stage.emulator.scenario = { raw };
}
