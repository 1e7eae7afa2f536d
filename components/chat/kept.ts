import { createItem } from '../../lib/storage/item.ts';

/** What the chat keeps while it is closed: which chat was open, and what was typed but not sent. Gone with the browser. */
export interface KeptChat {
  /** Empty for a new chat. */
  chatId: string;
  draft: string;
}

export const keptChat = createItem<KeptChat>({
  area: 'session',
  key: 'chat.open',
  fallback: { chatId: '', draft: '' },
  parse(stored) {
    const { chatId, draft } = stored as KeptChat;
    return { chatId: String(chatId ?? ''), draft: String(draft ?? '') };
  },
});
