import { describe, expect, it } from 'vitest';
import type { Part } from '../../protocol/part.ts';
import { chunkings } from '../kit/scenario.ts';
import { stockTokens } from '../openai-shape/plan-reply.ts';
import { type Collected, collect, hasAll, type Stage, textRequest } from './stage.ts';

const awkward = [
  'data: x\n\n',
  '[DONE]',
  '\u2028\u2029',
  '"\\',
  '{"error":"no"}',
  'event: error\n',
  '\r\n',
  '\u0000',
  ': ',
  ' é',
  '𝄞',
  '<b>',
];
const callArguments = '{"city": "Tromsø", "days": [1, 2], "note": "a \\"quoted\\" word"}';

/** What every answer must be, however its bytes fall. */
export function promiseStreams(stage: Stage): void {
  const { contract } = stage;
  const has = (...abilities: Parameters<typeof hasAll>[1][]) => hasAll(contract, ...abilities);
  /** Servers that do not say why an answer ended leave it at `other`. */
  const told = (reason: string) => (has('reason') ? reason : 'other');

  describe('an answer', () => {
    for (const chunking of chunkings) {
      it(`is the text that was sent, with one end, last (${chunking})`, async () => {
        stage.emulator.scenario = { chunking };
        const collected = await collect(stage.chat());
        expect(collected.text).toBe(stockTokens.join(''));
        expectEnd(collected, told('stop'));
      });

      it.runIf(has('tools'))(`holds tool calls exactly, in pieces (${chunking})`, async () => {
        const toolCalls = [
          { id: 'call_a', name: 'weather', arguments: callArguments },
          { id: 'call_b', name: 'time', arguments: '{}' },
        ];
        stage.emulator.scenario = { chunking, toolCalls, argumentPiece: chunking === 'byte' ? 16 : 1 };
        const collected = await collect(stage.chat({ tools: [{ name: 'weather' }, { name: 'time' }] }));
        expectEnd(collected, 'tool-calls');
        const [first, second] = toolCallsOf(collected.parts);
        expect([first?.name, second?.name]).toEqual(['weather', 'time']);
        expect(first?.id).not.toBe(second?.id);
        if (contract.toolArguments === 'text') expect([first?.arguments, second?.arguments]).toEqual([callArguments, '{}']);
        else expect(JSON.parse(first?.arguments ?? '')).toEqual(JSON.parse(callArguments));
      });
    }

    it('keeps text that looks like the protocol', async () => {
      stage.emulator.scenario = { tokens: awkward, chunking: 'random' };
      expect((await collect(stage.chat())).text).toBe(awkward.join(''));
    });

    it('may end its lines with CRLF', async () => {
      stage.emulator.scenario = { lineEnds: 'crlf', chunking: 'byte' };
      const collected = await collect(stage.chat());
      expect(collected.text).toBe(stockTokens.join(''));
      expectEnd(collected, told('stop'));
    });

    it.runIf(contract.wire === 'sse')('may end its lines with CR, and hold keep-alive comments', async () => {
      stage.emulator.scenario = { lineEnds: 'cr', pings: true, chunking: 'random' };
      expect((await collect(stage.chat())).text).toBe(stockTokens.join(''));
    });

    it.runIf(has('stream'))('may come without its end marker and last blank line', async () => {
      for (const scenario of [{ dropDone: true }, { dropLastBlankLine: true }, { dropDone: true, dropLastBlankLine: true }]) {
        stage.emulator.scenario = scenario;
        const collected = await collect(stage.chat());
        expect(collected.text).toBe(stockTokens.join(''));
        expectEnd(collected, told('stop'));
        if (has('usage')) expect(collected.parts.at(-1)).toMatchObject({ usage: { outputTokens: stockTokens.length } });
      }
    });

    it.runIf(has('usage'))('tells what it cost in tokens', async () => {
      const end = (await collect(stage.chat())).parts.at(-1);
      expect(end).toMatchObject({ type: 'end', usage: { outputTokens: stockTokens.length } });
      expect(end?.type === 'end' && end.usage?.inputTokens).toBeGreaterThan(0);
    });

    it.runIf(has('thoughts'))('keeps reasoning apart from text', async () => {
      stage.emulator.scenario = { thoughts: ['Let me', ' think…', ' ja.'], chunking: 'byte' };
      const collected = await collect(stage.chat());
      expect(collected.thought).toBe('Let me think… ja.');
      expect(collected.text).toBe(stockTokens.join(''));
    });

    it('ends where the limit cut it, and says so', async () => {
      const collected = await collect(stage.chat({ maxOutputTokens: 3 }));
      expect(collected.text).toBe(stockTokens.slice(0, 3).join(''));
      expectEnd(collected, told('length'));
    });

    it('ends at a stop text', async () => {
      const collected = await collect(stage.chat({ stop: [' grüße'] }));
      expect(collected.text).toBe('Hello from the emulator:');
      // Where the server does not say why, it is known only if the cut was ours.
      expectEnd(collected, has('reason') ? 'stop' : expect.stringMatching(/^(stop|other)$/));
    });

    it.runIf(contract.wholeAnswer)('may come whole although a stream was asked for', async () => {
      stage.emulator.scenario = { raw: { status: 200, body: contract.wholeAnswer } };
      const collected = await collect(stage.chat());
      expect(collected.text).toBe('whole');
      expectEnd(collected, 'stop');
    });

    it.runIf(has('stream'))('arrives while it is made', async () => {
      stage.emulator.scenario = { failAt: 2, failMode: 'silence' };
      for await (const parts of stage.chat()) {
        expect(parts[0]).toMatchObject({ type: 'text' });
        break;
      }
    });

    it.runIf(contract.backend && contract.textKeys)('to a raw prompt is the text that was sent', async () => {
      stage.emulator.scenario = { chunking: 'byte' };
      const engine = stage.open();
      const collected = await collect(engine.text?.(textRequest(contract), new AbortController().signal) ?? nothing());
      expect(collected.text).toBe((contract.hasLeadingBlank ? ' ' : '') + stockTokens.join(''));
      expectEnd(collected, told('stop'));
    });
  });
}

function expectEnd({ parts, error }: Collected, reason: unknown): void {
  expect(error).toBeUndefined();
  expect(parts.filter((part) => part.type === 'end')).toHaveLength(1);
  expect(parts.at(-1)).toMatchObject({ type: 'end', reason });
}

/** Tool calls put together from their fragments. */
function toolCallsOf(parts: Part[]): { id?: string; name?: string; arguments: string }[] {
  const calls: { id?: string; name?: string; arguments: string }[] = [];
  for (const part of parts) {
    if (part.type !== 'tool-call') continue;
    const call = calls[part.index] ?? { arguments: '' };
    calls[part.index] = {
      ...call,
      ...(part.id && { id: part.id }),
      ...(part.name && { name: part.name }),
      arguments: call.arguments + part.arguments,
    };
  }
  return calls;
}

async function* nothing(): AsyncGenerator<Part[]> {}
