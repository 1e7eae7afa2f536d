import { useSignal } from '@preact/signals';
import { Trash2 } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { type ChatSummary, listChats, removeChat } from '../../lib/chats/store.ts';
import { Dialog } from '../parts/dialog.tsx';
import { moment } from '../text/format.ts';
import { t } from '../text/t.ts';

interface Props {
  current: string | undefined;
  /** Without an id: a new chat. */
  onOpen(chatId?: string): void;
  onClose(): void;
}

/** Earlier chats, newest first. */
export function History({ current, onOpen, onClose }: Props) {
  const chats = useSignal<ChatSummary[] | undefined>(undefined);
  const read = async () => {
    chats.value = await listChats();
  };
  useEffect(() => void read(), []);

  const remove = async (id: string) => {
    await removeChat(id);
    if (id === current) onOpen();
    await read();
  };

  return (
    <Dialog title={t('history')} onClose={onClose}>
      {chats.value?.length === 0 && <p class="quiet">{t('historyEmpty')}</p>}
      <ul class="plain lines">
        {chats.value?.map((chat) => (
          <li key={chat.id} class="row">
            <button
              type="button"
              class="button plain grow line"
              aria-current={chat.id === current}
              onClick={() => {
                onOpen(chat.id);
                onClose();
              }}
            >
              <span class="cut">{chat.title || t('chatUntitled')}</span>
              <small>{moment(chat.updatedAt)}</small>
            </button>
            <button
              type="button"
              class="button plain icon small"
              aria-label={t('chatDelete', { title: chat.title })}
              onClick={() => void remove(chat.id)}
            >
              <Trash2 size={15} />
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
