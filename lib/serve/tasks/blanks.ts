/** A text without the blanks around it, and those. By `trim` and not by an expression: those take quadratic time over long runs of blanks. */
export function withoutBlanks(text: string): { before: string; core: string; after: string } {
  const core = text.trim();
  const start = core === '' ? text.length : text.length - text.trimStart().length;
  return { before: text.slice(0, start), core, after: text.slice(start + core.length) };
}
