import { useSignal } from '@preact/signals';
import { Download, Pencil, Trash2 } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { type ChatSummary, getChat, renameChat } from '../../lib/chats/store.ts';
import { download } from '../parts/download.ts';
import { moment } from '../text/format.ts';
import { t } from '../text/t.ts';
import { chatFile } from './chat-file.ts';

interface Props {
  chat: ChatSummary;
  isOpen: boolean;
  onOpen(): void;
  onRenamed(): void;
  onRemove(): void;
}

/** One earlier chat, and what can be done with it. */
export function HistoryLine({ chat, isOpen, onOpen, onRenamed, onRemove }: Props) {
  const isNaming = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const title = chat.title || t('chatUntitled');

  const save = async () => {
    const whole = await getChat(chat.id);
    if (!whole) return;
    const { name, text } = chatFile(whole);
    download(name, 'text/markdown', text);
  };

  if (isNaming.value) {
    const done = async (name: string | undefined) => {
      isNaming.value = false;
      // The field with the keyboard in it is gone, and the line is back.
      requestAnimationFrame(() => opener.current?.focus());
      if (name === undefined) return;
      await renameChat(chat.id, name).catch(() => {});
      onRenamed();
    };
    return (
      <li>
        <Naming title={chat.title} onDone={(name) => void done(name)} />
      </li>
    );
  }
  return (
    <li class="row">
      <button type="button" class="button plain grow line" ref={opener} aria-current={isOpen} onClick={onOpen}>
        <span class="cut" dir="auto">
          {title}
        </span>
        <small>{moment(chat.updatedAt)}</small>
      </button>
      <div class="row tight">
        <IconButton label={t('chatRename', { title })} onClick={() => (isNaming.value = true)}>
          <Pencil size={15} />
        </IconButton>
        <IconButton label={t('chatSave', { title })} onClick={() => void save()}>
          <Download size={15} />
        </IconButton>
        <IconButton label={t('chatDelete', { title })} onClick={onRemove}>
          <Trash2 size={15} />
        </IconButton>
      </div>
    </li>
  );
}

function IconButton({ label, onClick, children }: { label: string; onClick(): void; children: ComponentChildren }) {
  return (
    <button type="button" class="button plain icon small" aria-label={label} title={label} onClick={onClick}>
      {children}
    </button>
  );
}

/** Enter keeps the name, Escape the old one. */
function Naming({ title, onDone }: { title: string; onDone(name: string | undefined): void }) {
  const name = useSignal(title);
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(name.value);
      }}
    >
      <input
        class="input grow"
        ref={select}
        dir="auto"
        maxLength={60}
        aria-label={t('name')}
        value={name.value}
        onInput={(event) => (name.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          onDone(undefined);
        }}
      />
      <button type="submit" class="button small">
        {t('save')}
      </button>
    </form>
  );
}

function select(input: HTMLInputElement | null): void {
  if (input && document.activeElement !== input) input.select();
}
