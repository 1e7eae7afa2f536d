import { X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../text/t.ts';

interface Props {
  title: string;
  onClose(): void;
  children: ComponentChildren;
}

/** A modal dialog while it is in the tree. The browser keeps the focus in it and closes it on Escape. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: for the keyboard the browser closes it on Escape
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onClose={onClose}
      // A click on the backdrop hits the dialog itself; everything in it lies inside the sheet.
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="sheet">
        <header class="row">
          <h2 id={id} class="grow">
            {title}
          </h2>
          <button type="button" class="button plain icon" aria-label={t('close')} onClick={() => dialog.current?.close()}>
            <X size={18} />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
