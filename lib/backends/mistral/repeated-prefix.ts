import type { Part } from '../../protocol/part.ts';

/**
 * An answer without the beginning it was given: Mistral says that once more before it goes on, and moves white space at
 * its end behind it.
 */
export async function* withoutPrefix(answer: AsyncIterable<Part[]>, prefix: string): AsyncGenerator<Part[], void> {
  const said = prefix.trimEnd();
  const gap = prefix.slice(said.length);
  let held: string | undefined = '';

  /** What of the text is new; what may still be the repetition is held back. */
  function cut(text: string): string {
    if (held === undefined) return text;
    const all: string = held + text;
    if (prefix.startsWith(all)) {
      held = all;
      return '';
    }
    held = undefined;
    if (!all.startsWith(said)) return all;
    const rest = all.slice(said.length);
    return rest.startsWith(gap) ? rest.slice(gap.length) : rest.trimStart();
  }

  for await (const parts of answer) {
    const kept = parts.flatMap((part): Part[] => {
      if (part.type === 'text') return textPart(cut(part.text));
      // An answer shorter than its beginning repeated nothing.
      if (part.type === 'end' && held && held.length < said.length) return [...textPart(held), part];
      return [part];
    });
    if (kept.length > 0) yield kept;
  }
}

function textPart(text: string): Part[] {
  return text === '' ? [] : [{ type: 'text', text }];
}
