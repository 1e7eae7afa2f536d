import { Lexer, type Links, type Token } from 'marked';
import { findMath, startOfMath } from './math/find-math.ts';

/** The tokens of a text; one paragraph of plain text where it is built to be slow or deep. */
export function lex(text: string, links: Links): Token[] {
  if (isHostile(text)) return plain(text);
  const lexer = new Lexer({ gfm: true, extensions });
  Object.assign(lexer.tokens.links, links);
  const tokens: Token[] = lexer.lex(text);
  return tokens.reduce((sum, { raw }) => sum + raw.length, 0) === text.length ? tokens : plain(text);
}

/** Formulas are read before the rest, which would take their backslashes and asterisks for its own. */
const extensions = { inline: [findMath], startInline: [startOfMath], childTokens: {}, renderers: {} };

function plain(text: string): Token[] {
  return [{ type: 'paragraph', raw: text, text, tokens: [{ type: 'text', raw: text, text }] }];
}

/** Deep nesting overflows marked's stack, and its emphasis, like a search for formulas, is quadratic in the number of marks. */
function isHostile(text: string): boolean {
  return /(?:>[ \t]?|[-*+][ \t]+|\d{1,9}[.)][ \t]+){32}/.test(text) || (text.match(/[*_$]|\\[([]/g)?.length ?? 0) > 2000;
}

/** Characters of markdown read at once. Bounds the worst case: emphasis in marked takes quadratic time. */
const windowSize = 16_384;

/**
 * At most a window of text, cut at the end of a line or between words where there is one, and before the next line that
 * opens a run of code: that line ends whatever stands before it, and many short runs would each have the rest read again.
 */
export function cutWindow(text: string): string {
  const window = text.length <= windowSize ? text : cutAtWords(text.slice(0, windowSize));
  const fence = window.search(/\n(?:`{3,}[^`\n]*|~{3,}[^\n]*)\n/);
  return fence < 0 ? window : window.slice(0, fence + 1);
}

function cutAtWords(window: string): string {
  const line = window.lastIndexOf('\n') + 1;
  return window.slice(0, line || window.lastIndexOf(' ') + 1 || windowSize);
}
