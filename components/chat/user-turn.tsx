import { useSignal } from '@preact/signals';
import { Pencil } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../text/t.ts';
import { isSendKey } from './send-key.ts';
import type { TurnView } from './turn-view.ts';

interface Props {
  view: TurnView;
  /** Absent while an answer is being written. */
  onEdit?: ((text: string) => void) | undefined;
}

/** What the user said. Editing it asks again from there. */
export function UserTurn({ view, onEdit }: Props) {
  const isEditing = useSignal(false);
  const { text, images = [] } = view.turn.value;
  if (isEditing.value && onEdit) return <Editor text={text} onDone={done} />;

  function done(next: string | undefined): void {
    isEditing.value = false;
    if (next !== undefined && next.trim() !== '') onEdit?.(next);
  }

  return (
    <article class="me" aria-label={t('turnUser')}>
      <div class="bubble" dir="auto">
        {images.map((image, index) => (
          <img key={`${index}${image.data.length}`} src={`data:${image.mediaType};base64,${image.data}`} alt={t('image')} />
        ))}
        {text}
      </div>
      {onEdit && (
        <button
          type="button"
          class="button plain small"
          onClick={() => (isEditing.value = true)}
          title={t('edit')}
          aria-label={t('editMessage')}
        >
          <Pencil size={14} />
        </button>
      )}
    </article>
  );
}

function Editor({ text, onDone }: { text: string; onDone(next: string | undefined): void }) {
  const draft = useSignal(text);
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      class="me editing stack"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(draft.value);
      }}
    >
      <textarea
        ref={input}
        class="input"
        rows={Math.min(8, text.split('\n').length + 1)}
        value={draft.value}
        aria-label={t('editMessage')}
        onInput={(event) => (draft.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone(undefined);
          else if (isSendKey(event)) onDone(draft.value);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div class="row">
        <button type="submit" class="button primary small">
          {t('send')}
        </button>
        <button type="button" class="button plain small" onClick={() => onDone(undefined)}>
          {t('cancel')}
        </button>
      </div>
    </form>
  );
}
