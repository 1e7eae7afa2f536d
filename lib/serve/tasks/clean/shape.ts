import { isClosing, mayBeClosing } from './chatter.ts';
import type { Filter } from './filter.ts';

const point = /^(?:[-*+•]|\d{1,3}[.)])\s/;

/** A list with no more points than that: the next one and all behind it are dropped. */
export function atMostPoints(most: number): Filter {
  let line = '';
  let said = 0;
  let isKnown = false;
  let count = 0;

  return {
    take(text) {
      let out = '';
      for (const piece of text.split(/(?<=\n)/)) {
        line += piece;
        out += say(line.endsWith('\n'));
      }
      return out;
    },
    end: () => say(true),
  };

  function say(isWhole: boolean): string {
    // A number and its dot need five characters to be told from other words.
    if (!isKnown && (isWhole || line.length >= 5)) {
      isKnown = true;
      if (point.test(line)) count += 1;
    }
    const text = isKnown && count <= most ? line.slice(said) : '';
    said = isKnown ? line.length : said;
    if (isWhole) {
      line = '';
      said = 0;
      isKnown = false;
    }
    return text;
  }
}

/** One line without a mark of headings in front and without a stop at its end. */
export function oneLine(): Filter {
  let held = '';
  let hasBegun = false;
  let isOver = false;
  return {
    take(text) {
      if (isOver) return '';
      held += text;
      if (!hasBegun) {
        held = held.replace(/^\s*(?:#{1,6}\s+|[-•]\s+)?/, '');
        if (held.length < 8) return '';
        hasBegun = true;
      }
      const end = held.indexOf('\n');
      if (end >= 0) {
        const last = held.slice(0, end);
        isOver = true;
        held = '';
        return finish(last);
      }
      // The last characters are known once others have followed.
      let last = held.length;
      while (last > 0 && /[\s.。]/.test(held[last - 1] as string)) last -= 1;
      const passed = held.slice(0, last);
      held = held.slice(passed.length);
      return passed;
    },
    end: () => (isOver ? '' : finish(hasBegun ? held : (held.replace(/^\s*(?:#{1,6}\s+|[-•]\s+)?/, '').split('\n')[0] ?? ''))),
  };

  function finish(text: string): string {
    const line = text.trimEnd();
    return /[^.]\.$|。$|^\.$/.test(line) ? line.slice(0, -1) : line;
  }
}

/** Without the model's words to its user that stand behind the text in paragraphs of their own. */
export function withoutClosing(): Filter {
  let held = '';
  /** The blank line before what is held, while that may be the model's word. */
  let gap = '';
  let isInside = false;
  return {
    take(text) {
      held += text;
      let out = '';
      for (;;) {
        if (isInside && (mayBeClosing(held) || held.trim() === '')) return out;
        if (isInside) {
          out += gap;
          isInside = false;
        }
        const found = /\n\s*\n\s*/.exec(held);
        if (!found) {
          const kept = held.trimEnd();
          out += kept;
          held = held.slice(kept.length);
          return out;
        }
        out += held.slice(0, found.index);
        gap = found[0];
        held = held.slice(found.index + gap.length);
        isInside = true;
      }
    },
    end: () => (isInside ? (isClosing(held) || held.trim() === '' ? '' : gap + held) : held),
  };
}
