import type { ChatSummary } from './chat.ts';
import { getChat } from './store.ts';

/** What was said in each chat, by its id; read once for as many searches as follow. */
export type ChatTexts = ReadonlyMap<string, string>;

export async function readChatTexts(chats: readonly ChatSummary[]): Promise<ChatTexts> {
  const texts = new Map<string, string>();
  for (const { id } of chats) {
    const chat = await getChat(id);
    if (chat) texts.set(id, chat.turns.map(({ text }) => text.toLowerCase()).join('\n'));
  }
  return texts;
}

/** The chats that have every one of the words, in their title or in what was said. Without `texts` only titles are looked at. */
export function findChats(chats: readonly ChatSummary[], words: string, texts?: ChatTexts): ChatSummary[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return chats.filter(({ id, title }) => {
    const said = `${title.toLowerCase()}\n${texts?.get(id) ?? ''}`;
    return wanted.every((word) => said.includes(word));
  });
}
