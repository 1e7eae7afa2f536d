import { effect, signal } from '@preact/signals';
import { keptChat } from './kept.ts';

/** What is typed and not sent. It outlives the popup, but not the browser. */
export const draft = signal('');

/** Settles when the draft of last time is back. */
export const draftReady = keptChat.get().then(
  (kept) => {
    if (draft.value === '') draft.value = kept.draft;
    keepDraft();
  },
  () => {},
);

function keepDraft(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    void keptChat.update((kept) => (kept.draft === draft.value ? kept : { ...kept, draft: draft.value }));
  };
  effect(() => {
    if (draft.value === undefined) return;
    clearTimeout(timer);
    timer = setTimeout(save, 250);
  });
  // A popup closes without warning; what is under way to storage then still arrives.
  addEventListener('pagehide', save);
}
