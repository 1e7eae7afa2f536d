import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Keeps a scrolling box at its end while it grows, unless the user has scrolled up to read. */
export function useBottom(box: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const scroller = box.current;
    const inner = content.current;
    if (!scroller || !inner) return;
    let isAtEnd = true;
    const note = () => {
      isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
    };
    const observer = new ResizeObserver(() => {
      if (isAtEnd) scroller.scrollTop = scroller.scrollHeight;
    });
    scroller.addEventListener('scroll', note, { passive: true });
    observer.observe(inner);
    observer.observe(scroller);
    return () => {
      scroller.removeEventListener('scroll', note);
      observer.disconnect();
    };
  }, []);
}
