/** Tells thinking from answer where a server leaves `<think>…</think>` in the text. */
export interface ThinkTags {
  /** Calls `thought` and `text` with the pieces, in order. */
  add(piece: string): void;
  /** What was held back because it might have been a tag. */
  end(): void;
}

/**
 * Only an answer that begins with `<think>` has thinking in it; the words anywhere else are the model's own. Pieces are
 * held back only while they may be part of a tag.
 */
export function createThinkTags(thought: (piece: string) => void, text: (piece: string) => void): ThinkTags {
  let held = '';
  let state: 'start' | 'opened' | 'thinking' | 'after' | 'answer' = 'start';

  function add(piece: string): void {
    if (state === 'answer') {
      text(piece);
      return;
    }
    held += piece;
    if (state === 'start') begin();
    if (state === 'opened') skipToThought();
    if (state === 'thinking') think();
    if (state === 'after') skipBlankLines();
  }

  function begin(): void {
    const start = held.trimStart();
    if (start.startsWith(open)) {
      state = 'opened';
      held = start.slice(open.length);
    } else if (!open.startsWith(start)) {
      state = 'answer';
      release(text);
    }
  }

  function think(): void {
    const at = held.indexOf(close);
    if (at >= 0) {
      const last = held.slice(0, at).trimEnd();
      held = held.slice(at + close.length);
      if (last !== '') thought(last);
      state = 'after';
      return;
    }
    // White space before the closing tag belongs to the tag.
    const ready = held.slice(0, held.length - partialLength(held, close)).trimEnd();
    held = held.slice(ready.length);
    if (ready !== '') thought(ready);
  }

  function skipToThought(): void {
    held = held.trimStart();
    if (held !== '') state = 'thinking';
  }

  function skipBlankLines(): void {
    held = held.trimStart();
    if (held === '') return;
    state = 'answer';
    release(text);
  }

  function release(to: (piece: string) => void): void {
    const piece = held;
    held = '';
    if (piece !== '') to(piece);
  }

  return { add, end: () => release(state === 'thinking' || state === 'opened' ? thought : text) };
}

const open = '<think>';
const close = '</think>';

/** Length of the longest end of `text` that is a beginning of `tag`. */
function partialLength(text: string, tag: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(tag.slice(0, length))) return length;
  }
  return 0;
}
