import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';

/** What a combobox needs to move through a list by keyboard while the focus stays in its input. */
export interface Listbox {
  listId: string;
  optionId(index: number): string;
  active: number;
  setActive(index: number): void;
  /** For the input: arrows, Home, End, Enter. */
  onKeyDown(event: KeyboardEvent): void;
}

/** `onPick` gets the active option on Enter. The first is active again when the list changes. */
export function useListbox(count: number, listKey: string, onPick: (index: number) => void): Listbox {
  const listId = useId();
  const active = useSignal(0);
  const current = Math.min(active.value, count - 1);
  const optionId = (index: number) => `${listId}-${index}`;

  useEffect(() => {
    active.value = 0;
  }, [listKey]);
  useEffect(() => {
    document.getElementById(optionId(current))?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  return {
    listId,
    optionId,
    active: current,
    setActive: (index) => {
      active.value = index;
    },
    onKeyDown(event) {
      const steps: Record<string, number> = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + 10, PageUp: current - 10 };
      const next = steps[event.key];
      if (next !== undefined) active.value = Math.max(0, Math.min(count - 1, next));
      else if (event.key === 'Enter' && !event.isComposing && current >= 0) onPick(current);
      else return;
      event.preventDefault();
    },
  };
}
