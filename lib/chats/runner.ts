import { errorData, SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import type { Message } from '../protocol/message.ts';
import type { Router, Target } from '../router/router.ts';
import type { Chat, ChatEvent, ChatImage, ChatTurn } from './chat.ts';
import { getChat, putChat, putTurn, stopOrphans, titleOf, unknownChat } from './store.ts';
import { append, messagesOf } from './turns.ts';

export interface ChatRunner {
  /** Adds the question and starts the answer; resolves when the answer is under way, not when it is done. */
  send(question: Question): Promise<{ chatId: string }>;
  /** Answers the last question anew, on another connection where one is given: the next step after a failure may be another model. */
  retry(chatId: string, target?: Target): Promise<void>;
  /** Changes a question, drops what followed it, and answers it. */
  edit(chatId: string, turnId: string, text: string, target?: Target): Promise<void>;
  stop(chatId: string): void;
  /** First the whole chat, then every change of it; returns its undo. */
  watch(chatId: string, listener: (change: ChatEvent) => void): Promise<() => void>;
}

export interface Question {
  chatId?: string;
  text: string;
  images?: ChatImage[];
  connectionId?: string;
  model?: string;
}

export interface RunnerDeps {
  router: Pick<Router, 'chat'>;
  /** Keeps the background alive while an answer is at work; returns its undo. */
  hold(): () => void;
}

const saveEveryMs = 1_000;

/** Answers of the user's own chats. They belong to the background: closing the popup changes nothing. */
export function createChatRunner({ router, hold }: RunnerDeps): ChatRunner {
  const atWork = new Map<string, { chat: Chat; stop: AbortController }>();
  const listeners = new Map<string, Set<(change: ChatEvent) => void>>();
  const cleared = stopOrphans().catch(() => {});

  async function load(chatId: string): Promise<Chat> {
    await cleared;
    if (atWork.has(chatId)) throw new SwitchboardError('bad-request', 'An answer is still being written here. Stop it first.');
    const chat = await getChat(chatId);
    if (!chat) throw unknownChat(chatId);
    return chat;
  }

  function emit(chatId: string, change: ChatEvent): void {
    for (const listener of listeners.get(chatId) ?? []) listener(change);
  }

  async function answer(chat: Chat): Promise<void> {
    if (atWork.has(chat.id)) throw new SwitchboardError('bad-request', 'An answer is still being written here. Stop it first.');
    const turn: ChatTurn = { id: crypto.randomUUID(), role: 'assistant', text: '', state: 'answering', startedAt: Date.now() };
    const history = chat.turns;
    const grown: Chat = { ...chat, turns: [...history, turn], updatedAt: Date.now() };
    const stop = new AbortController();
    atWork.set(chat.id, { chat: grown, stop });
    try {
      await putChat(grown);
    } catch (thrown) {
      atWork.delete(chat.id);
      throw thrown;
    }
    emit(chat.id, grown);
    void write(grown, turn, messagesOf(history), stop.signal);
  }

  /** The run itself: every batch to whoever watches, to disk about once a second, and its end whatever it is. */
  async function write(chat: Chat, turn: ChatTurn, messages: Message[], signal: AbortSignal): Promise<void> {
    const release = hold();
    const index = chat.turns.length - 1;
    const started = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let saving: Promise<void> = Promise.resolve();
    const save = () => {
      clearTimeout(timer);
      timer = undefined;
      chat.updatedAt = Date.now();
      const copy = { ...turn };
      saving = saving.then(() => putTurn(chat, index, copy)).catch(() => {});
    };
    try {
      const target: Target | undefined = chat.connectionId === undefined ? undefined : targetOf(chat.connectionId, chat.model);
      for await (const parts of router.chat({ role: 'extension' }, { messages }, signal, target)) {
        const appended = append(turn, parts);
        if (appended) {
          turn.firstTokenMs ??= Math.round(performance.now() - started);
          emit(chat.id, { turnId: turn.id, append: appended });
        }
        timer ??= setTimeout(save, saveEveryMs);
      }
      turn.state = 'done';
    } catch (thrown) {
      const error = toSwitchboardError(thrown);
      turn.state = error.code === 'aborted' ? 'stopped' : 'failed';
      if (turn.state === 'failed') turn.error = errorData(error);
    } finally {
      turn.durationMs = Math.round(performance.now() - started);
      save();
      await saving;
      atWork.delete(chat.id);
      emit(chat.id, { turnId: turn.id, turn: { ...turn } });
      release();
    }
  }

  return {
    async send({ chatId, text, images, connectionId, model }) {
      if (text.trim() === '' && !images?.length)
        throw new SwitchboardError('bad-request', 'There is nothing to send yet. Write something first.');
      const known = chatId === undefined ? undefined : await load(chatId);
      const now = Date.now();
      const question: ChatTurn = {
        id: crypto.randomUUID(),
        role: 'user',
        text,
        state: 'done',
        startedAt: now,
        ...(images?.length && { images }),
      };
      const chat: Chat = known ?? { id: crypto.randomUUID(), title: titleOf(text), createdAt: now, updatedAt: now, turns: [] };
      const target = connectionId === undefined ? undefined : targetOf(connectionId, model);
      await answer({ ...onTarget(chat, target), turns: [...chat.turns, question] });
      return { chatId: chat.id };
    },

    async retry(chatId, target) {
      const chat = await load(chatId);
      const last = chat.turns.findLastIndex(({ role }) => role === 'user');
      if (last < 0) throw new SwitchboardError('bad-request', 'There is no question here to answer again.');
      await answer({ ...onTarget(chat, target), turns: chat.turns.slice(0, last + 1) });
    },

    async edit(chatId, turnId, text, target) {
      const chat = await load(chatId);
      const at = chat.turns.findIndex(({ id, role }) => id === turnId && role === 'user');
      const question = chat.turns[at];
      if (!question) throw new SwitchboardError('bad-request', 'This question is not there any more.');
      const title = at === 0 && chat.title === titleOf(question.text) ? titleOf(text) : chat.title;
      await answer({ ...onTarget(chat, target), title, turns: [...chat.turns.slice(0, at), { ...question, text }] });
    },

    stop(chatId) {
      atWork.get(chatId)?.stop.abort();
    },

    async watch(chatId, listener) {
      await cleared;
      const chat = atWork.get(chatId)?.chat ?? (await getChat(chatId));
      // It may have started while the store was being read.
      const current = atWork.get(chatId)?.chat ?? chat;
      if (!current) throw unknownChat(chatId);
      const own = listeners.get(chatId) ?? new Set();
      listeners.set(chatId, own);
      own.add(listener);
      listener(current);
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(chatId);
      };
    },
  };
}

/** The chat as the target answers it from now on. A target without a model means its own preferred one, not the one before. */
function onTarget(chat: Chat, target: Target | undefined): Chat {
  if (!target) return chat;
  const { model: _, ...rest } = chat;
  return { ...rest, ...target };
}

function targetOf(connectionId: string, model: string | undefined): Target {
  return { connectionId, ...(model && { model }) };
}
