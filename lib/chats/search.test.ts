import { beforeEach, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Chat } from './chat.ts';
import { findChats, readChatTexts } from './search.ts';
import { listChats, putChat } from './store.ts';

beforeEach(() => fakeBrowser.reset());

it('a search finds chats by their titles and by what was said, in any case and order', async () => {
  await putChat(chat('harbour', 'The harbour', ['When does the ferry leave?', 'At NINE, from pier two.']));
  await putChat(chat('soup', 'Soup', ['A recipe, please.', 'Boil water.']));
  const chats = await listChats();
  const texts = await readChatTexts(chats);
  const ids = (words: string) => findChats(chats, words, texts).map(({ id }) => id);
  expect(ids('nine FERRY')).toEqual(['harbour']);
  expect(ids('soup water')).toEqual(['soup']);
  expect(ids('ferry water')).toEqual([]);
  expect(ids('  ')).toHaveLength(2);
  expect(findChats(chats, 'harb')).toMatchObject([{ id: 'harbour' }]);
});

function chat(id: string, title: string, said: string[]): Chat {
  const turns = said.map((text, index) => ({ id: `${id}${index}`, role: index % 2 ? 'assistant' : 'user', text, state: 'done' }) as const);
  return { id, title, createdAt: 1, updatedAt: 1, turns };
}
