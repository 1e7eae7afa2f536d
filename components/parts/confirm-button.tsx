import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../text/t.ts';

interface Props {
  children: ComponentChildren;
  /** What the second click does, in words: `Delete Ollama and its key`. */
  question: string;
  onConfirm(): void;
  class?: string;
  /** The button's whole name, where its text stands in many lines. */
  label?: string;
}

/** A button for what cannot be undone: the first click asks, the second does it, anything else takes the question back. */
export function ConfirmButton({ children, question, onConfirm, class: style = '', label }: Props) {
  const isAsking = useSignal(false);
  const sure = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking.value) sure.current?.focus();
  }, [isAsking.value]);

  if (!isAsking.value) {
    return (
      <button type="button" class={`button danger ${style}`} aria-label={label} onClick={() => (isAsking.value = true)}>
        {children}
      </button>
    );
  }
  const takeBack = () => (isAsking.value = false);
  return (
    <fieldset
      class="row wrap"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        event.preventDefault();
        takeBack();
      }}
    >
      <button
        type="button"
        ref={sure}
        class={`button danger ${style}`}
        onClick={() => {
          takeBack();
          onConfirm();
        }}
      >
        {question}
      </button>
      <button type="button" class={`button plain ${style}`} onClick={takeBack}>
        {t('cancel')}
      </button>
    </fieldset>
  );
}
