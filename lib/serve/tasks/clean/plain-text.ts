import type { Filter } from './filter.ts';

/** How long a beginning of markup is waited for. */
const longest = 300;
/** As much of a line that does not end is looked at again when more comes. */
const reviewed = 1_000;

/** Text without Markdown: marks go, what they mark stays; lists keep a dot. As it comes, holding back what may be half of a mark. */
export function plainText(): Filter {
  let line = '';
  let passed = 0;
  /** Its beginning is gone already. */
  let isContinued = false;

  return {
    take(text) {
      let out = '';
      for (const piece of text.split(/(?<=\n)/)) {
        line += piece;
        if (line.endsWith('\n')) out += rest(line);
        else out += settled();
      }
      return out;
    },
    end: () => rest(line),
  };

  /** The rest of a line that is whole. */
  function rest(whole: string): string {
    const said = withoutMarks(whole, isContinued ? 'middle' : 'whole').slice(passed);
    line = '';
    passed = 0;
    isContinued = false;
    return said;
  }

  /** What of an unfinished line stays as it is, whatever comes. */
  function settled(): string {
    // At its beginning a few characters decide what kind of line it is.
    if (!isContinued && /^(?:#{0,6}|[-*+•]|\d{1,3}[.)]?|>+|`{1,3}[\w-]*|[-*_ ]{1,})$/.test(line.trim())) return '';
    const open = openMark(line, isContinued);
    if (open >= 0 && line.length - open < longest) return sayUpTo(line.slice(0, open));
    return sayUpTo(line);
  }

  function sayUpTo(part: string): string {
    const text = withoutMarks(part, isContinued ? 'middle' : 'beginning');
    const said = text.slice(passed);
    passed = Math.max(passed, text.length);
    if (part.length > reviewed) {
      line = line.slice(part.length);
      passed = 0;
      isContinued = true;
    }
    return said;
  }
}

/** Where the first mark begins that has not been closed. */
function openMark(line: string, isContinued: boolean): number {
  const marks = ['**', '__', '~~', '`', '*', '_', '['];
  const bullet = (isContinued ? null : /^\s*[-*+]\s+/.exec(line))?.[0].length ?? 0;
  for (let at = bullet; at < line.length; at++) {
    const mark = marks.find((each) => line.startsWith(each, at));
    if (mark === undefined) continue;
    if (mark === '[') {
      const link = /^\[[^\]\n]*\](?:\([^)\s]*\))?/.exec(line.slice(at));
      if (!link || !/\)$/.test(link[0])) {
        if (!link || at + link[0].length === line.length || line[at + link[0].length] === '(') return at;
      }
      at += (link?.[0].length ?? 1) - 1;
      continue;
    }
    const close = line.indexOf(mark, at + mark.length);
    if (close < 0) {
      // Times and snakes are no marks.
      const next = line[at + mark.length];
      if (next !== undefined && /\s/.test(next)) continue;
      return at;
    }
    // The second half of a closing pair may be on its way.
    if (close + mark.length === line.length && mark.length === 1) return at;
    at = close + mark.length - 1;
  }
  return -1;
}

/** A line, or its beginning, or more of it, without its marks. */
function withoutMarks(line: string, part: 'whole' | 'beginning' | 'middle'): string {
  if (part === 'whole' && /^(?:`{3,}|~{3,})[\w-]*$/.test(line.trim())) return '';
  if (part === 'whole' && /^\s*(?:[-*_]\s*){3,}$/.test(line)) return '\n';
  const text = part === 'middle' ? line : withoutStart(line);
  return text
    .replace(/!?\[([^\]\n]*)\]\([^)\s]*\)/g, '$1')
    .replace(/\*\*(?!\s)([^\n]+?)(?<!\s)\*\*/g, '$1')
    .replace(/(?<!\w)__(?!\s)([^\n]+?)(?<!\s)__(?!\w)/g, '$1')
    .replace(/~~([^\n]+?)~~/g, '$1')
    .replace(/(?<![\w*])\*(?![\s*])([^*\n]+?)(?<!\s)\*(?![\w*])/g, '$1')
    .replace(/(?<!\w)_(?!\s)([^_\n]+?)(?<!\s)_(?!\w)/g, '$1')
    .replace(/`([^`\n]+)`/g, '$1');
}

function withoutStart(line: string): string {
  return withoutHeading(line)
    .replace(/^(\s*)>+\s?/, '$1')
    .replace(/^(\s*)[-*+]\s+/, '$1• ');
}

/** `## Words ##`. The marks behind it are taken off from the end: an expression would try each blank on the way there. */
function withoutHeading(line: string): string {
  const [all, before = ''] = /^(\s*)#{1,6}\s+/.exec(line) ?? [''];
  if (all === '') return line;
  const said = line.slice(all.length).trimEnd();
  const blanks = line.slice(all.length + said.length);
  const bare = said.replace(/#{1,1000}$/, '');
  const isClosed = bare !== said && /\s$/.test(bare);
  return before + (isClosed ? bare.trimEnd() : said) + blanks;
}
