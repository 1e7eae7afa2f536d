import { useRef } from 'preact/hooks';
import { plainTextOf } from '../markdown/markdown.tsx';
import type { TurnView } from './turn-view.ts';

/**
 * Says the answer to a screen reader while it comes: each finished block once, politely. The answer itself is not a
 * live region, because that would read every half-written word.
 */
export function Announcer({ view }: { view: TurnView | undefined }) {
  const said = useRef<{ id: string; count: number }>({ id: '', count: 0 });
  const settled = view?.blocks.value.settled ?? [];
  const isNew = view !== undefined && said.current.id !== view.id;
  // What was there before it was opened is not news.
  if (isNew) said.current = { id: view.id, count: view.turn.peek().state === 'answering' ? 0 : settled.length };
  const news = settled.slice(said.current.count).slice(-maxBlocks);
  return (
    <div class="visually-hidden" role="log" aria-live="polite">
      {news.map((block, index) => (
        <p key={settled.length - news.length + index}>{plainTextOf(block).slice(0, 2000)}</p>
      ))}
    </div>
  );
}

const maxBlocks = 20;
