import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type ChatTexts, findChats, readChatTexts } from '../../lib/chats/search.ts';
import { type Chat, type ChatSummary, getChat, listChats, putChat, removeChat } from '../../lib/chats/store.ts';
import { Dialog } from '../parts/dialog.tsx';
import { t } from '../text/t.ts';
import { HistoryLine } from './history-line.tsx';

interface Props {
  current: string | undefined;
  /** Without an id: a new chat. */
  onOpen(chatId?: string): void;
  onClose(): void;
}

/** Earlier chats, newest first: to search, open, name, save and delete. What was deleted last can be brought back. */
export function History({ current, onOpen, onClose }: Props) {
  const chats = useSignal<ChatSummary[] | undefined>(undefined);
  const words = useSignal('');
  const texts = useSignal<ChatTexts | undefined>(undefined);
  const removed = useSignal<{ chat: Chat; wasOpen: boolean } | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  const read = async () => {
    chats.value = await listChats();
  };
  useEffect(() => void read().then(() => input.current?.focus()), []);

  const search = (typed: string) => {
    if (words.value === '' && chats.value) void readChatTexts(chats.value).then((read) => (texts.value = read));
    words.value = typed;
  };

  const remove = async (id: string) => {
    const chat = await getChat(id);
    await removeChat(id);
    if (chat) removed.value = { chat, wasOpen: id === current };
    if (id === current) onOpen();
    await read();
  };

  const bringBack = async ({ chat, wasOpen }: { chat: Chat; wasOpen: boolean }) => {
    await putChat(chat);
    removed.value = undefined;
    if (wasOpen) onOpen(chat.id);
    await read();
    input.current?.focus();
  };

  const found = findChats(chats.value ?? [], words.value, texts.value);
  return (
    <Dialog title={t('history')} onClose={onClose}>
      {chats.value && (chats.value.length > 1 || words.value !== '') && (
        <input
          class="input"
          type="text"
          autocomplete="off"
          ref={input}
          placeholder={t('historySearch')}
          aria-label={t('historySearch')}
          value={words.value}
          onInput={(event) => search(event.currentTarget.value)}
        />
      )}
      {chats.value?.length === 0 && <p class="quiet">{t('historyEmpty')}</p>}
      {chats.value && chats.value.length > 0 && found.length === 0 && (
        <p class="quiet" role="status">
          {t('historyNothing')}
        </p>
      )}
      <ul class="plain lines scrolls">
        {found.map((chat) => (
          <HistoryLine
            key={chat.id}
            chat={chat}
            isOpen={chat.id === current}
            onOpen={() => {
              onOpen(chat.id);
              onClose();
            }}
            onRenamed={() => void read()}
            onRemove={() => void remove(chat.id)}
          />
        ))}
      </ul>
      {removed.value && (
        <p class="row" role="status">
          <span class="grow cut">{t('chatDeleted', { title: removed.value.chat.title || t('chatUntitled') })}</span>
          <button type="button" class="button small" ref={focusIt} onClick={() => removed.value && void bringBack(removed.value)}>
            {t('undo')}
          </button>
        </p>
      )}
    </Dialog>
  );
}

/** The button that was pressed is gone with its line: the keyboard goes on here. */
function focusIt(button: HTMLButtonElement | null): void {
  button?.focus();
}
