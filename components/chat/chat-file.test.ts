import { expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Chat } from '../../lib/chats/chat.ts';
import { chatFile } from './chat-file.ts';

it('a saved chat says who said what, with a name that every file system takes', () => {
  vi.spyOn(fakeBrowser.i18n, 'getMessage').mockImplementation(((key: string) => key) as typeof fakeBrowser.i18n.getMessage);
  const chat: Chat = {
    id: '1',
    title: 'What is “a/b: c”?…',
    createdAt: 0,
    updatedAt: 0,
    turns: [
      { id: 'a', role: 'user', text: 'What is it?', images: [{ mediaType: 'image/png', data: 'AAAA' }], state: 'done' },
      {
        id: 'b',
        role: 'assistant',
        text: '**One** half',
        model: 'tiny',
        state: 'failed',
        error: { code: 'interrupted', message: 'It broke off.' },
      },
    ],
  };
  const { name, text } = chatFile(chat);
  expect(name).toBe('What is “a b c”.md');
  expect(text).toContain('What is it?');
  expect(text).toContain('## tiny\n\n**One** half\n\n*It broke off.*\n');
  expect(text).not.toContain('AAAA');
});
