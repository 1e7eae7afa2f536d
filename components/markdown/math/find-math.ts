import type { Tokens } from 'marked';

/** A formula in an answer, between `\( \)`, `\[ \]`, `$$ $$`, or `$ $` where that cannot be money. */
export interface MathToken extends Tokens.Generic {
  type: 'math';
  /** LaTeX, without its marks. */
  text: string;
  isDisplay: boolean;
}

const formula =
  /^(?:\\\(([\s\S]{1,2000}?)\\\)|\\\[([\s\S]{1,2000}?)\\\]|\$\$([^$]{1,2000})\$\$|\$(?!\s)((?:\\.|[^\\$\n]){1,400})(?<!\s)\$(?!\d))/;

/** For marked: what stands at the front of the text, if it is a formula. */
export function findMath(src: string): MathToken | undefined {
  const [raw, inline, display, dollars, dollar] = formula.exec(src) ?? [];
  if (raw === undefined) return undefined;
  if (dollar !== undefined && !/[\\^_={}<>+]|^[a-zA-Z]'*$/.test(dollar)) return undefined;
  const text = inline ?? display ?? dollars ?? dollar ?? '';
  return { type: 'math', raw, text: text.trim(), isDisplay: display !== undefined || dollars !== undefined };
}

/** Where the next one may begin. */
export function startOfMath(src: string): number {
  return src.search(/\\[([]|\$/);
}
