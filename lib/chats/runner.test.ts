import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatRequest } from '../protocol/request.ts';
import type { Asked, Router, Target } from '../router/router.ts';
import type { ChatEvent, ChatTurn } from './chat.ts';
import { type ChatRunner, createChatRunner } from './runner.ts';
import { type Chat, getChat, listChats, removeChat, renameChat } from './store.ts';

/** A router that answers as the test says, batch by batch. */
function createStage() {
  const asked: { request: Asked<ChatRequest>; target: Target | undefined; signal: AbortSignal }[] = [];
  let give: (parts: Part[]) => void = () => {};
  let finish: (error?: unknown) => void = () => {};
  const router: Pick<Router, 'chat'> = {
    async *chat(_caller, request, signal, target) {
      asked.push({ request, signal, target });
      const queue: Part[][] = [];
      let wake = () => {};
      let end: { error?: unknown } | undefined;
      give = (parts) => {
        queue.push(parts);
        wake();
      };
      const stop = (error?: unknown) => {
        end = error === undefined ? {} : { error };
        wake();
      };
      finish = stop;
      signal.addEventListener('abort', () => stop(new SwitchboardError('aborted', 'Stopped.')));
      while (true) {
        const parts = queue.shift();
        if (parts) yield parts;
        else if (end?.error) throw end.error;
        else if (end) return;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
  return { router, asked, give: (parts: Part[]) => give(parts), finish: (error?: unknown) => finish(error) };
}

const end: Part = { type: 'end', reason: 'stop', model: 'tiny', usage: { inputTokens: 3, outputTokens: 2, costMicroUsd: 7 } };
const text = (value: string): Part => ({ type: 'text', text: value });

describe('the chat runner', () => {
  let stage: ReturnType<typeof createStage>;
  let runner: ChatRunner;
  let held: number;

  beforeEach(async () => {
    for (const { id } of await listChats()) await removeChat(id);
    held = 0;
    stage = createStage();
    runner = createChatRunner({
      router: stage.router,
      hold() {
        held += 1;
        return () => {
          held -= 1;
        };
      },
    });
  });

  const lastTurn = async (chatId: string) => (await getChat(chatId))?.turns.at(-1) as ChatTurn;
  const settled = (chatId: string) =>
    vi.waitFor(async () => {
      const turn = await lastTurn(chatId);
      if (turn.state === 'answering') throw new Error('still answering');
      return turn;
    });
  const asking = (count: number) => vi.waitFor(() => expect(stage.asked).toHaveLength(count));

  async function exchange(question: string, answer: string, chatId?: string): Promise<string> {
    const count = stage.asked.length + 1;
    const sent = await runner.send({ text: question, ...(chatId && { chatId }) });
    await asking(count);
    stage.give([text(answer), end]);
    stage.finish();
    await settled(sent.chatId);
    await vi.waitFor(() => expect(held).toBe(0));
    return sent.chatId;
  }

  it('keeps question and answer, with what it took, and names the chat by its first words', async () => {
    const chatId = await exchange('What is  the capital of Norway, and what should one see there in winter?', 'Oslo.');
    expect(await getChat(chatId)).toMatchObject({
      title: 'What is the capital of Norway, and what should one see…',
      turns: [
        { role: 'user', state: 'done' },
        { role: 'assistant', text: 'Oslo.', state: 'done', model: 'tiny', usage: { outputTokens: 2 }, costMicroUsd: 7 },
      ],
    });
    expect(await lastTurn(chatId)).toMatchObject({ firstTokenMs: expect.any(Number), durationMs: expect.any(Number) });
    expect(await listChats()).toMatchObject([{ id: chatId }]);
  });

  it('tells the model what was said before, without the reasoning', async () => {
    const { chatId } = await runner.send({ text: 'Hello', images: [{ mediaType: 'image/png', data: 'aGk=' }] });
    await asking(1);
    stage.give([{ type: 'thought', text: 'hm' }, text('Hi!'), end]);
    stage.finish();
    await settled(chatId);
    await exchange('And now?', 'Still here.', chatId);
    expect(stage.asked[1]?.request.messages).toEqual([
      { role: 'user', content: [{ type: 'image', mediaType: 'image/png', data: 'aGk=' }, text('Hello')] },
      { role: 'assistant', content: [text('Hi!')] },
      { role: 'user', content: [text('And now?')] },
    ]);
    expect((await getChat(chatId))?.turns[1]).toMatchObject({ thought: 'hm', text: 'Hi!' });
  });

  it('answers on although nobody watches, and shows the whole to whoever comes back', async () => {
    const { chatId } = await runner.send({ text: 'Hello' });
    const first: ChatEvent[] = [];
    const undo = await runner.watch(chatId, (event) => first.push(event));
    await asking(1);
    stage.give([text('One ')]);
    await vi.waitFor(() => expect(first.at(-1)).toMatchObject({ append: { text: 'One ' } }));
    undo();
    stage.give([text('two ')]);
    await vi.waitFor(async () => {
      const seen: ChatEvent[] = [];
      (await runner.watch(chatId, (event) => seen.push(event)))();
      expect((seen[0] as Chat).turns[1]).toMatchObject({ state: 'answering', text: 'One two ' });
    });
    expect(first.at(-1)).toMatchObject({ append: { text: 'One ' } });
    stage.give([text('three.'), end]);
    stage.finish();
    expect(await settled(chatId)).toMatchObject({ text: 'One two three.' });
  });

  it('adds up to the same chat for a watcher as in the store', async () => {
    const chatId = await exchange('Hello', 'Hi.');
    const seen: ChatEvent[] = [];
    await runner.watch(chatId, (event) => seen.push(structuredClone(event)));
    await exchange('More', 'Much more.', chatId);
    let chat: Chat | undefined;
    for (const event of seen) {
      if ('turns' in event) chat = event;
      else if (chat) {
        const turn = chat.turns.find(({ id }) => id === event.turnId) as ChatTurn;
        if (event.append?.text) turn.text += event.append.text;
        if (event.turn) Object.assign(turn, event.turn);
      }
    }
    expect(chat?.turns).toEqual((await getChat(chatId))?.turns);
  });

  it('saves the answer about every second while it grows', async () => {
    const { chatId } = await runner.send({ text: 'Hello' });
    await asking(1);
    const seen: ChatEvent[] = [];
    await runner.watch(chatId, (event) => seen.push(event));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    stage.give([text('One ')]);
    stage.give([text('two ')]);
    await vi.waitUntil(() => seen.length === 3);
    expect(await lastTurn(chatId)).toMatchObject({ text: '' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await lastTurn(chatId)).toMatchObject({ text: 'One two ', state: 'answering' });
    vi.useRealTimers();
    runner.stop(chatId);
    await settled(chatId);
  });

  it('stops with what has come', async () => {
    const { chatId } = await runner.send({ text: 'Hello' });
    await asking(1);
    stage.give([text('Half')]);
    const seen: ChatEvent[] = [];
    await runner.watch(chatId, (event) => seen.push(event));
    runner.stop(chatId);
    expect(await settled(chatId)).toMatchObject({ text: 'Half', state: 'stopped' });
    expect((await lastTurn(chatId)).error).toBeUndefined();
    await vi.waitFor(() => expect(held).toBe(0));
  });

  it('keeps an error with its whole sentence, and the words before it', async () => {
    const { chatId } = await runner.send({ text: 'Hello' });
    await asking(1);
    stage.give([text('Half')]);
    stage.finish(new SwitchboardError('unreachable', '127.0.0.1:8080 refused the connection. Is llama.cpp running?'));
    expect(await settled(chatId)).toMatchObject({
      text: 'Half',
      state: 'failed',
      error: { code: 'unreachable', message: '127.0.0.1:8080 refused the connection. Is llama.cpp running?' },
    });
  });

  it('answers the last question anew', async () => {
    const chatId = await exchange('Hello', 'Bad answer.');
    await runner.retry(chatId);
    await asking(2);
    stage.give([text('Good answer.'), end]);
    stage.finish();
    await settled(chatId);
    expect((await getChat(chatId))?.turns.map((turn) => turn.text)).toEqual(['Hello', 'Good answer.']);
    expect(stage.asked[1]?.request.messages).toHaveLength(1);
  });

  it('answers anew with the model that was chosen since', async () => {
    const { chatId } = await runner.send({ text: 'Hello', connectionId: 'a', model: 'one' });
    await asking(1);
    stage.finish(new SwitchboardError('model-not-found', 'There is no model "one".'));
    await settled(chatId);
    await runner.retry(chatId, { connectionId: 'b' });
    await asking(2);
    stage.finish();
    expect(stage.asked[1]?.target).toEqual({ connectionId: 'b' });
    await settled(chatId);
  });

  it('answers a changed question and drops what followed it', async () => {
    const chatId = await exchange('Hello', 'Hi.');
    await exchange('More', 'Much more.', chatId);
    const [question] = (await getChat(chatId))?.turns ?? [];
    await runner.edit(chatId, question?.id ?? '', 'Goodbye');
    await asking(3);
    stage.give([text('Bye.'), end]);
    stage.finish();
    await settled(chatId);
    expect(await getChat(chatId)).toMatchObject({ title: 'Goodbye', turns: [{ text: 'Goodbye' }, { text: 'Bye.' }] });
    expect((await getChat(chatId))?.turns).toHaveLength(2);
  });

  it('remembers the connection that the user chose, and forgets the model of another', async () => {
    const { chatId } = await runner.send({ text: 'Hello', connectionId: 'a', model: 'one' });
    await asking(1);
    stage.finish();
    await settled(chatId);
    await exchange('More', 'Yes.', chatId);
    expect(stage.asked.map(({ target }) => target)).toEqual([
      { connectionId: 'a', model: 'one' },
      { connectionId: 'a', model: 'one' },
    ]);
    await runner.send({ chatId, text: 'Again', connectionId: 'b' });
    await asking(3);
    expect(stage.asked[2]?.target).toEqual({ connectionId: 'b' });
    runner.stop(chatId);
    await settled(chatId);
  });

  it.each([
    ['nothing', () => runner.send({ text: '  ' })],
    ['a chat that is gone', () => runner.send({ chatId: 'gone', text: 'Hello' })],
    ['an answer anew where nothing is', () => runner.retry('gone')],
    ['a watch of what is gone', () => runner.watch('gone', () => {})],
  ])('refuses %s', async (_, act) => {
    await expect(act()).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('writes one answer at a time in a chat, and several chats at once', async () => {
    const { chatId } = await runner.send({ text: 'Hello' });
    await expect(runner.send({ chatId, text: 'Impatient' })).rejects.toMatchObject({ code: 'bad-request' });
    const other = await runner.send({ text: 'Elsewhere' });
    await asking(2);
    expect(held).toBe(2);
    for (const id of [chatId, other.chatId]) runner.stop(id);
    await Promise.all([settled(chatId), settled(other.chatId)]);
  });

  it('stops where it was when the background dies, and the next one can go on', async () => {
    const { chatId } = await runner.send({ text: 'Hello' });
    await asking(1);
    stage.give([text('Half')]);
    stage.finish = () => {};
    const next = createChatRunner({ router: createStage().router, hold: () => () => {} });
    await expect(next.edit(chatId, 'none', '')).rejects.toMatchObject({ message: expect.stringContaining('question') });
    expect(await lastTurn(chatId)).toMatchObject({ state: 'stopped' });
  });

  it('leaves a removed chat removed, although its answer was still coming', async () => {
    const { chatId } = await runner.send({ text: 'Hello' });
    await asking(1);
    await removeChat(chatId);
    stage.give([text('Late.'), end]);
    stage.finish();
    await vi.waitFor(() => expect(held).toBe(0));
    expect(await getChat(chatId)).toBeUndefined();
  });

  it('can be given another name', async () => {
    const chatId = await exchange('Hello', 'Hi.');
    await renameChat(chatId, '  Greetings  ');
    expect((await getChat(chatId))?.title).toBe('Greetings');
    await exchange('More', 'Yes.', chatId);
    expect((await getChat(chatId))?.title).toBe('Greetings');
  });
});
