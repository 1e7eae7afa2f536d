import { SwitchboardError } from '../protocol/errors.ts';
import { type Change, type Database, openDatabase } from '../storage/database.ts';
import type { Chat, ChatSummary, ChatTurn } from './chat.ts';

export type { Chat, ChatChange, ChatEvent, ChatImage, ChatSummary, ChatTurn } from './chat.ts';

export interface ChatRows {
  /** By id. `answering`: position of the turn at work, so that its end can be found without reading every turn. */
  chats: ChatSummary & { answering?: number };
  /** By `chatId/position`, so that an answer at work is written alone, without the pictures before it. */
  turns: ChatTurn;
}

/** Newest first, without the turns. */
export async function listChats(): Promise<ChatSummary[]> {
  const rows = await chatDatabase.list('chats');
  return rows.map(([, { answering: _, ...chat }]) => chat).sort((one, other) => other.updatedAt - one.updatedAt);
}

export async function getChat(id: string): Promise<Chat | undefined> {
  const row = await chatDatabase.get('chats', id);
  if (!row) return undefined;
  const { answering: _, ...summary } = row;
  const rows = await chatDatabase.list('turns', { prefix: `${id}/` });
  return { ...summary, turns: rows.map(([, turn]) => turn) };
}

export async function removeChat(id: string): Promise<void> {
  const turns = await chatDatabase.list('turns', { prefix: `${id}/` });
  await chatDatabase.write([{ store: 'chats', key: id }, ...turns.map(([key]): Change<ChatRows> => ({ store: 'turns', key }))]);
}

export async function renameChat(id: string, title: string): Promise<void> {
  const chat = await chatDatabase.get('chats', id);
  if (!chat) throw unknownChat(id);
  const words = title.trim().slice(0, maxTitle);
  await chatDatabase.write([{ store: 'chats', key: id, row: { ...chat, title: words || chat.title } }]);
}

/** Puts chats in the place of those of their ids, all of them or none. For an import. */
export async function putChats(chats: Chat[]): Promise<void> {
  const changes: Change<ChatRows>[] = [];
  for (const { turns, ...summary } of chats) {
    for (const [key] of await chatDatabase.list('turns', { prefix: `${summary.id}/` })) changes.push({ store: 'turns', key });
    changes.push({ store: 'chats', key: summary.id, row: summary });
    for (const [index, turn] of turns.entries()) changes.push({ store: 'turns', key: turnKey(summary.id, index), row: turn });
  }
  await chatDatabase.write(changes);
}

/** The chat as it should be kept: turns that are not in it any more go. */
export async function putChat({ turns, ...summary }: Chat): Promise<void> {
  const old = await chatDatabase.list('turns', { prefix: `${summary.id}/` });
  await chatDatabase.write([
    { store: 'chats', key: summary.id, row: { ...summary, ...answeringOf(turns) } },
    ...turns.map((turn, index): Change<ChatRows> => ({ store: 'turns', key: turnKey(summary.id, index), row: turn })),
    ...old.slice(turns.length).map(([key]): Change<ChatRows> => ({ store: 'turns', key })),
  ]);
}

/** One turn of it alone, as often as an answer grows. A chat that was removed meanwhile stays removed. */
export async function putTurn({ id, updatedAt }: ChatSummary, index: number, turn: ChatTurn): Promise<void> {
  const row = await chatDatabase.get('chats', id);
  if (!row) return;
  const { answering: _, ...summary } = row;
  await chatDatabase.write([
    { store: 'chats', key: id, row: { ...summary, updatedAt, ...(turn.state === 'answering' && { answering: index }) } },
    { store: 'turns', key: turnKey(id, index), row: turn },
  ]);
}

/** Answers that were at work when the background died stop where they were. For the start of the background. */
export async function stopOrphans(): Promise<void> {
  for (const [id, { answering, ...summary }] of await chatDatabase.list('chats')) {
    if (answering === undefined) continue;
    const key = turnKey(id, answering);
    const turn = await chatDatabase.get('turns', key);
    await chatDatabase.write([
      { store: 'chats', key: id, row: summary },
      ...(turn?.state === 'answering' ? [{ store: 'turns' as const, key, row: { ...turn, state: 'stopped' as const } }] : []),
    ]);
  }
}

/** The first words of a question. */
export function titleOf(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  if (line.length <= maxTitle) return line;
  const cut = line.slice(0, maxTitle);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), maxTitle / 2))}…`;
}

export function unknownChat(id: string): SwitchboardError {
  return new SwitchboardError('bad-request', `There is no chat "${id.slice(0, 80)}" any more. Start a new one.`);
}

const maxTitle = 60;

const chatDatabase: Database<ChatRows> = openDatabase<ChatRows>('switchboard-chats', ['chats', 'turns']);

function turnKey(chatId: string, index: number): string {
  return `${chatId}/${String(index).padStart(6, '0')}`;
}

function answeringOf(turns: ChatTurn[]): { answering?: number } {
  const answering = turns.findIndex(({ state }) => state === 'answering');
  return answering < 0 ? {} : { answering };
}
