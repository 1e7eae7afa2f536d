import { describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import { fitHistory } from './fit-history.ts';

const words = (count: number) => 'word '.repeat(count).trim();

function says(role: 'system' | 'user' | 'assistant', text: string): Message {
  return { role, content: [{ type: 'text', text }] } as Message;
}

/** Instructions, ten turns of about 170 tokens each by our weights, and a question. */
const long = [
  says('system', 'Be brief.'),
  ...Array.from({ length: 10 }, (_, turn) => says(turn % 2 === 0 ? 'user' : 'assistant', `${turn} ${words(95)}`)),
  says('user', 'And now?'),
];

/** One token a word. */
const exact = async (messages: Message[]) =>
  messages.reduce((sum, { content: [item] }) => sum + (item?.type === 'text' ? item.text.split(' ').length : 0), 0);
const window = (tokens: number | undefined) => async () => tokens;

describe('a history', () => {
  it('stays whole where it fits, without asking for a window while it is short', async () => {
    const asked: number[] = [];
    const ask = async (): Promise<undefined> => {
      asked.push(1);
    };
    const short = long.slice(0, 4);
    expect(await fitHistory(short, { window: ask })).toEqual({ messages: short, leftOut: 0 });
    expect(asked).toEqual([]);
    expect(await fitHistory(long, { window: window(8192) })).toEqual({ messages: long, leftOut: 0 });
  });

  it('stays whole where nobody knows the window', async () => {
    expect(await fitHistory(long, { window: window(undefined) })).toEqual({ messages: long, leftOut: 0 });
  });

  it('loses its oldest turns, never the instructions or the last question, and begins with the user', async () => {
    const { messages, leftOut } = await fitHistory(long, { window: window(1400) });
    expect(messages).toEqual([long[0], ...long.slice(1 + leftOut)]);
    expect(messages[1]?.role).toBe('user');
    expect(leftOut).toBeGreaterThan(0);
    expect(leftOut % 2).toBe(0);
  });

  it('keeps room for the answer that is asked for, but not more than half of the window', async () => {
    const short = await fitHistory(long, { window: window(1800), answerTokens: 16 });
    const more = await fitHistory(long, { window: window(1800), answerTokens: 800 });
    const absurd = await fitHistory(long, { window: window(1800), answerTokens: 100_000 });
    expect(short.leftOut).toBeLessThan(more.leftOut);
    expect(absurd.messages.length).toBeGreaterThan(2);
  });

  it('goes by the count of the backend, and asks for few', async () => {
    const asked: number[] = [];
    const count = async (messages: Message[]) => {
      const tokens = await exact(messages);
      asked.push(tokens);
      return tokens;
    };
    // By our weights it would not fit; by the backend's count it does.
    expect((await fitHistory(long, { window: window(1600), count })).leftOut).toBe(0);
    const { messages } = await fitHistory(long, { window: window(800), count });
    expect(await exact(messages)).toBeLessThanOrEqual(600);
    expect(await exact(messages)).toBeGreaterThan(300);
    expect(asked.length).toBeLessThan(6);
  });

  it('goes by weights where the count fails', async () => {
    const { leftOut } = await fitHistory(long, { window: window(1400), count: async () => undefined });
    expect(leftOut).toBeGreaterThan(0);
  });

  it('keeps a call of a tool together with its result and the question they belong to', async () => {
    const calls: Message[] = [
      ...long.slice(0, 11),
      says('user', 'The weather?'),
      { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'weather', arguments: '{}' }] },
      { role: 'tool', content: [{ type: 'tool-result', callId: '1', content: [{ type: 'text', text: words(150) }] }] },
    ];
    const { messages } = await fitHistory(calls, { window: window(500) });
    expect(messages.slice(-3)).toEqual(calls.slice(-3));
    expect(messages).toHaveLength(4);
  });

  it('says so when even the last question is longer than the window', async () => {
    const question = [says('system', 'Be brief.'), says('user', words(3000))];
    const count = async (messages: Message[]) => exact(messages);
    await expect(fitHistory(question, { window: window(2048), count })).rejects.toMatchObject({ code: 'context-length' });
    await expect(fitHistory([says('user', words(8000))], { window: window(2048) })).rejects.toMatchObject({ code: 'context-length' });
  });
});
