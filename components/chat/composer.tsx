import { useSignal } from '@preact/signals';
import { ImagePlus, SendHorizontal, Square, X } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ChatImage } from '../../lib/chats/chat.ts';
import { t } from '../text/t.ts';
import { draft } from './draft.ts';
import { imageFiles, imageTypes, maxImages, readImage } from './images.ts';
import { isSendKey } from './send-key.ts';
import { useDroppedImages } from './use-dropped-images.ts';

interface Props {
  /** Whom one talks to: `Qwen3 8B`. */
  modelName: string;
  isAnswering: boolean;
  canSeeImages: boolean;
  /** True when the message was taken; it stays in the box otherwise. */
  onSend(text: string, images: ChatImage[]): Promise<boolean>;
  onStop(): void;
}

/** Where one writes. The text survives a failed sending and the closing of the popup. */
export function Composer({ modelName, isAnswering, canSeeImages, onSend, onStop }: Props) {
  const images = useSignal<ChatImage[]>([]);
  const imageProblem = useSignal<'bad' | 'unseen' | 'many' | undefined>(undefined);
  const isSending = useSignal(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const label = t('ask', { model: modelName });
  useEffect(() => input.current?.focus(), []);

  async function send(): Promise<void> {
    const text = draft.value;
    if (isAnswering || isSending.value || (text.trim() === '' && images.value.length === 0)) return;
    isSending.value = true;
    const isTaken = await onSend(text, images.value);
    isSending.value = false;
    if (!isTaken) return;
    if (draft.value === text) draft.value = '';
    images.value = [];
    input.current?.focus();
  }

  async function attach(files: File[]): Promise<void> {
    imageProblem.value = canSeeImages ? undefined : 'unseen';
    if (!canSeeImages) return;
    for (const file of files) {
      if (images.value.length >= maxImages) {
        imageProblem.value = 'many';
        return;
      }
      try {
        const image = await readImage(file);
        images.value = [...images.value, image];
      } catch {
        imageProblem.value = 'bad';
      }
    }
  }
  const isOver = useDroppedImages((files) => {
    if (files.length > 0) void attach(files);
    else imageProblem.value = 'bad';
  });

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {images.value.length > 0 && (
        <ul class="plain row wrap">
          {images.value.map((image) => (
            <li key={image.data.slice(-64)} class="attached">
              <img src={`data:${image.mediaType};base64,${image.data}`} alt={t('image')} />
              <button
                type="button"
                class="button icon small"
                aria-label={t('imageRemove')}
                onClick={() => (images.value = images.value.filter((each) => each !== image))}
              >
                <X size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {imageProblem.value && (
        <p class="lamp bad" role="alert">
          {imageProblemText[imageProblem.value](modelName)}
        </p>
      )}
      <div class={isOver ? 'box over' : 'box'}>
        {canSeeImages && (
          <button
            type="button"
            class="button plain icon"
            aria-label={t('attach')}
            title={t('attach')}
            onClick={() => picker.current?.click()}
          >
            <ImagePlus size={18} />
          </button>
        )}
        <textarea
          ref={input}
          value={draft.value}
          rows={1}
          placeholder={label}
          aria-label={label}
          onInput={(event) => (draft.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!isSendKey(event)) return;
            event.preventDefault();
            void send();
          }}
          onPaste={(event) => {
            const files = imageFiles(event.clipboardData);
            if (files.length === 0) return;
            event.preventDefault();
            void attach(files);
          }}
        />
        {isAnswering ? (
          <button type="button" class="button icon" onClick={onStop} aria-label={t('stopAnswer')} title={t('stopAnswer')}>
            <Square size={16} fill="currentColor" />
          </button>
        ) : (
          <button type="submit" class="button primary icon" disabled={isSending.value} aria-label={t('send')} title={t('send')}>
            <SendHorizontal size={18} />
          </button>
        )}
      </div>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={imageTypes.join(',')}
        onChange={(event) => {
          void attach(Array.from(event.currentTarget.files ?? []));
          event.currentTarget.value = '';
        }}
      />
    </form>
  );
}

const imageProblemText = {
  bad: () => t('imageBad'),
  unseen: (model: string) => t('imageUnseen', { model }),
  many: () => t('imageMany', { count: maxImages }),
};
