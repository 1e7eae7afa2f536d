import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { imageFiles } from './images.ts';

/**
 * Files dropped anywhere on the page: without this the browser would open them in place of the chat. True while
 * something is held over it.
 */
export function useDroppedImages(onImages: (files: File[]) => void): boolean {
  const isOver = useSignal(false);
  const latest = useRef(onImages);
  latest.current = onImages;
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      isOver.value = true;
    };
    const leave = (event: DragEvent) => {
      // Only when it leaves the page, not from one element to the next.
      if (event.relatedTarget === null) isOver.value = false;
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      isOver.value = false;
      latest.current(imageFiles(event.dataTransfer));
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, []);
  return isOver.value;
}
