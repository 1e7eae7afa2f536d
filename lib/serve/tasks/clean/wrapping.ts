import { beginningOfAnswer } from './chatter.ts';
import type { Filter } from './filter.ts';

/** What an answer may be wrapped in. */
export interface Wraps {
  /** The name of the tags that the input stood between. */
  mark: string;
  /** The input begins with an introduction of its own, which its answer keeps. */
  keepsOpening: boolean;
  /** The input is in quotation marks, or in a code block. */
  keepsQuotes: boolean;
  keepsFence: boolean;
}

const quotes: Record<string, string> = { '"': '"', '“': '”', '„': '“', '«': '»', '「': '」', '『': '』', "'": "'" };
/** A quotation that is longer than that is held to be a wrap before its end has come. */
const longestQuotation = 400;
/** What may stand behind the end: blanks, a closing mark and a closing fence. */
const longestTail = 60;

/**
 * Takes off what small models put around an answer: their thinking, an introduction, the marks of the input, a code
 * fence, quotation marks. Holds back no more than it takes to know.
 */
export function unwrap({ mark, keepsOpening, keepsQuotes, keepsFence }: Wraps): Filter {
  let held = '';
  let hasBegun = false;
  let isOver = false;
  let closing = '';

  return {
    take(text) {
      if (isOver) return '';
      held += text;
      if (!hasBegun && !begin(false)) return '';
      return pass();
    },
    end() {
      if (isOver) return '';
      if (!hasBegun) begin(true);
      const last = pass() + (isOver ? '' : held);
      return finish(last);
    },
  };

  /** True once the answer itself is at the beginning of what is held. */
  function begin(isAll: boolean): boolean {
    for (;;) {
      held = held.trimStart();
      if (held === '' && !isAll) return false;
      const before = held;
      if (!isAll && ['<think>', `<${mark}`, '```', '"'].some((each) => held.length < each.length && each.startsWith(held))) return false;
      if (held.startsWith('<think>')) {
        const end = held.indexOf('</think>');
        if (end < 0 && !isAll) return false;
        held = end < 0 ? '' : held.slice(end + '</think>'.length);
      } else if (held.startsWith(`<${mark}`)) {
        if (held === `<${mark}` && !isAll) return false;
        if (held.startsWith(`<${mark}>`)) held = held.slice(mark.length + 2);
      } else if (!keepsFence && held.startsWith('```')) {
        const end = held.indexOf('\n');
        if (end < 0 && !isAll) return false;
        if (/^```[\w-]*\s*$/.test(held.slice(0, end))) {
          held = held.slice(end + 1);
          closing = '```';
        }
      } else if (!keepsOpening) {
        const start = beginningOfAnswer(held, isAll);
        if (start === undefined) return false;
        held = held.slice(start);
      }
      if (held === before) break;
    }
    return beginQuotation(isAll);
  }

  /** A quotation that goes on to the end is a wrap; one that ends before is part of the text. */
  function beginQuotation(isAll: boolean): boolean {
    const close = quotes[held[0] ?? ''];
    hasBegun = true;
    if (keepsQuotes || closing !== '' || close === undefined) return true;
    const end = held.indexOf(close, 1);
    if (end < 0 && !isAll && held.length < longestQuotation) hasBegun = false;
    else if (end < 0 ? !isAll : held.slice(end + 1).trim() === '') {
      if (end >= 0 && !isAll) hasBegun = false;
      else {
        held = held.slice(1);
        closing = close;
      }
    }
    return hasBegun;
  }

  /** Everything but what could be the end of a wrap. */
  function pass(): string {
    const over = held.indexOf(`</${mark}>`);
    const fence = closing === '```' ? held.search(/\n```\s*(?:\n|$)/) : -1;
    const ends = [over, fence >= 0 && held.slice(fence).trimEnd() !== '\n```' ? fence : -1].filter((at) => at >= 0);
    if (ends.length > 0) {
      const last = finish(held.slice(0, Math.min(...ends)));
      isOver = true;
      held = '';
      return last;
    }
    const tail = /(?:\s|`|["”“»」』']|<\/?[a-z0-9-]*>?)*$/.exec(held.slice(-longestTail))?.[0].length ?? 0;
    const passed = held.slice(0, held.length - tail);
    held = held.slice(held.length - tail);
    return passed;
  }

  function finish(text: string): string {
    let last = text.trimEnd();
    if (last.endsWith(`</${mark}`)) last = last.slice(0, -mark.length - 2).trimEnd();
    if (closing !== '' && last.endsWith(closing)) last = last.slice(0, -closing.length).trimEnd();
    return last;
  }
}
