import type { Template } from './template-table.ts';

/**
 * Text that may stand inside a turn: the control strings of the template, and every `<|…|>`, get a zero-width space
 * behind their first character, so that they read the same and end no turn.
 */
export function neutralise(text: string, template: Template): string {
  let pattern = patterns.get(template);
  if (!pattern) {
    pattern = controlPattern(template);
    patterns.set(template, pattern);
  }
  return text.replace(pattern, (found) => found[0] + zeroWidthSpace + found.slice(1));
}

const zeroWidthSpace = '\u200b';
const patterns = new WeakMap<Template, RegExp>();

function controlPattern({ system, systemInUser, user, assistant, generation, stop }: Template): RegExp {
  const written = [system, systemInUser, user, assistant].flatMap((around) => around ?? []);
  const marks = new Set([...written, generation, ...stop].flatMap((string) => string.match(mark) ?? []));
  const words = [...marks].map((found) => {
    const escaped = found.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    // A word such as "USER:" controls at the start of a line only; in the middle of a sentence it is text.
    return /^[<[]/.test(found) ? escaped : `(?<=^[ \\t]*)${escaped}`;
  });
  return new RegExp(['<\\|[^|<>\\s]{1,40}\\|>', ...words].join('|'), 'gm');
}

/** Tags in angle or square brackets, headings, and speakers. */
const mark = /<\/?[a-z_]+>|<<\/?SYS>>|\[\/?[A-Z_]+\]|### \w+:|\b[A-Za-z]+:/g;
