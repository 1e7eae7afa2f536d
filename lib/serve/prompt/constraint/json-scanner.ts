/** Reads JSON as it comes. */
export interface JsonScanner {
  /** Takes the next piece of text; false once no JSON text can begin so. */
  feed(text: string): boolean;
}

type Expected = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'next' | 'end';

const literals = ['true', 'false', 'null'];
const numberStart = /^-?(0|[1-9]\d*)?(?:(?<=\d)\.\d*)?(?:(?<=\d)[eE][+-]?\d*)?$/;
const wholeNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Looks at each character once, so that a long answer costs no more than its length. */
export function createJsonScanner(): JsonScanner {
  /** What is open: `{` or `[`. */
  const open: string[] = [];
  let expected: Expected = 'value';
  /** A string, a number or a word that has begun. */
  let token = '';
  let isValid = true;

  return {
    feed(text) {
      for (const character of text) {
        isValid &&= take(character);
        if (!isValid) break;
      }
      return isValid;
    },
  };

  function take(character: string): boolean {
    if (token.startsWith('"')) return takeInString(character);
    if (token !== '') {
      if (continues(token + character)) {
        token += character;
        return true;
      }
      if (!literals.includes(token) && !wholeNumber.test(token)) return false;
      closeValue();
    }
    return /\s/.test(character) ? ' \t\n\r'.includes(character) : takeMark(character);
  }

  /** Of a string only the end is kept: enough to tell whether it is escaped. */
  function takeInString(character: string): boolean {
    if (character < ' ') return false;
    if (token.endsWith('\\')) {
      token = '"';
      return '"\\/bfnrtu'.includes(character);
    }
    if (character !== '"') {
      token = character === '\\' ? '"\\' : '"';
      return true;
    }
    token = '';
    if (expected === 'key' || expected === 'first-key') expected = 'colon';
    else closeValue();
    return true;
  }

  function takeMark(character: string): boolean {
    const isValue = expected === 'value' || expected === 'first-value';
    switch (character) {
      case '{':
      case '[':
        if (!isValue) return false;
        open.push(character);
        expected = character === '{' ? 'first-key' : 'first-value';
        return true;
      case '}':
        return (expected === 'first-key' || expected === 'next') && close('{');
      case ']':
        return (expected === 'first-value' || expected === 'next') && close('[');
      case ',':
        if (expected !== 'next') return false;
        expected = open.at(-1) === '{' ? 'key' : 'value';
        return true;
      case ':':
        if (expected !== 'colon') return false;
        expected = 'value';
        return true;
      case '"':
        token = '"';
        return isValue || expected === 'key' || expected === 'first-key';
      default:
        token = character;
        return isValue && continues(token);
    }
  }

  function close(mark: string): boolean {
    if (open.pop() !== mark) return false;
    closeValue();
    return true;
  }

  function closeValue(): void {
    token = '';
    expected = open.length > 0 ? 'next' : 'end';
  }

  function continues(text: string): boolean {
    return literals.some((literal) => literal.startsWith(text)) || (/^[-\d]/.test(text) && numberStart.test(text));
  }
}
