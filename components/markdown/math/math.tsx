import type { ComponentChildren, VNode } from 'preact';
import {
  accents,
  blackboardLetters,
  functions,
  identifiers,
  ignored,
  integralSigns,
  largeOperators,
  limitFunctions,
  operators,
  spaces,
} from './symbols.ts';

/** A formula in LaTeX as MathML, which browsers set themselves; as it was written where it uses what is not known here. */
export function mathOf(tex: string, isDisplay: boolean): VNode {
  try {
    return <math display={isDisplay ? 'block' : 'inline'}>{read(tex)}</math>;
  } catch (thrown) {
    if (thrown instanceof NotKnown) return <code>{tex}</code>;
    throw thrown;
  }
}

class NotKnown extends Error {}

/** Brackets grow only where `\left` says so. The attribute's value is a word, which Preact's types do not know. */
const unstretched = 'false' as unknown as boolean;

/** Deeper than any formula that somebody reads. */
const maxDepth = 40;

function read(tex: string): ComponentChildren {
  const tokens = tex.match(/\\[a-zA-Z]+\*?|\\[\s\S]|\d+(?:\.\d+)?|\S/gu) ?? [];
  let at = 0;
  let depth = 0;

  const peek = () => tokens[at];
  function expect(token: string): void {
    if (tokens[at] !== token) throw new NotKnown();
    at += 1;
  }

  function row(isEnd: (token: string) => boolean): VNode {
    depth += 1;
    if (depth > maxDepth) throw new NotKnown();
    const children: ComponentChildren[] = [];
    for (let token = peek(); token !== undefined && !isEnd(token); token = peek()) children.push(scripted());
    depth -= 1;
    return <mrow>{children}</mrow>;
  }

  /** One thing with what stands below and above it. */
  function scripted(): ComponentChildren {
    const isStacked = standsStacked(peek());
    const base = peek() === '^' || peek() === '_' ? <mrow /> : atom();
    let below: ComponentChildren;
    let above: ComponentChildren;
    for (let token = peek(); token === '^' || token === '_' || token === "'"; token = peek()) {
      if ((token === '_' ? below : above) !== undefined) throw new NotKnown();
      if (token === "'") above = primes();
      else {
        at += 1;
        if (token === '_') below = argument();
        else above = argument();
      }
    }
    if (below === undefined && above === undefined) return base;
    const [Below, Above, Both] = isStacked ? (['munder', 'mover', 'munderover'] as const) : (['msub', 'msup', 'msubsup'] as const);
    if (above === undefined) return <Below>{[base, below]}</Below>;
    if (below === undefined) return <Above>{[base, above]}</Above>;
    return <Both>{[base, below, above]}</Both>;
  }

  function primes(): VNode {
    let text = '';
    for (; peek() === "'"; at += 1) text += '′';
    return <mo>{text}</mo>;
  }

  /** What a command works on: a group in braces, or one thing. */
  function argument(): ComponentChildren {
    depth += 1;
    if (depth > maxDepth) throw new NotKnown();
    const found = atom();
    depth -= 1;
    return found;
  }

  function atom(): ComponentChildren {
    const token = tokens[at];
    if (token === undefined || token === '}' || token === '&') throw new NotKnown();
    at += 1;
    if (token === '{') {
      const group = row((next) => next === '}');
      expect('}');
      return group;
    }
    if (token.startsWith('\\')) return command(token.slice(1));
    if (/^\d/.test(token)) return <mn>{token}</mn>;
    if (/^\p{L}$/u.test(token)) return <mi>{token}</mi>;
    if (token === '~') return <mspace width="0.25em" />;
    if (/^[()[\]|]$/.test(token)) return <mo stretchy={unstretched}>{token}</mo>;
    return <mo>{token === '-' ? '−' : token}</mo>;
  }

  function command(name: string): ComponentChildren {
    const identifier = identifiers.get(name);
    if (identifier) return <mi>{identifier}</mi>;
    const operator = operators.get(name) ?? largeOperators.get(name) ?? integralSigns.get(name);
    if (operator) return <mo>{operator}</mo>;
    if (functions.has(name) || limitFunctions.has(name)) return <mi>{name}</mi>;
    const space = spaces.get(name);
    if (space) return <mspace width={space} />;
    if (ignored.has(name)) return null;
    const accent = accents.get(name);
    if (accent) return <mover accent>{[argument(), <mo key="accent">{accent}</mo>]}</mover>;
    if (/^[{}%$#&_|]$/.test(name)) return <mo>{name === '|' ? '‖' : name}</mo>;
    return structure(name);
  }

  function structure(name: string): ComponentChildren {
    switch (name) {
      case 'frac':
      case 'dfrac':
      case 'tfrac':
      case 'cfrac':
        return <mfrac>{[argument(), argument()]}</mfrac>;
      case 'binom':
        return (
          <mrow>
            {[
              <mo key="(">(</mo>,
              <mfrac key="of" linethickness="0">
                {[argument(), argument()]}
              </mfrac>,
              <mo key=")">)</mo>,
            ]}
          </mrow>
        );
      case 'sqrt':
        return root();
      case 'underline':
      case 'underbrace':
        return <munder>{[argument(), <mo key="mark">{name === 'underline' ? '_' : '⏟'}</mo>]}</munder>;
      case 'overset':
      case 'stackrel': {
        const above = argument();
        return <mover>{[argument(), above]}</mover>;
      }
      case 'underset': {
        const below = argument();
        return <munder>{[argument(), below]}</munder>;
      }
      case 'mathbb': {
        const letter = words();
        return <mi>{blackboardLetters.get(letter) ?? letter}</mi>;
      }
      case 'mathbf':
      case 'boldsymbol':
      case 'bm':
        return <mrow class="bold">{argument()}</mrow>;
      case 'mathit':
      case 'mathcal':
      case 'mathscr':
      case 'mathfrak':
      case 'boxed':
        return argument();
      case 'text':
      case 'textbf':
      case 'textit':
      case 'textrm':
      case 'mbox':
        return <mtext>{words()}</mtext>;
      case 'mathrm':
      case 'operatorname':
      case 'operatorname*':
      case 'mathsf':
        return <mi mathvariant="normal">{words()}</mi>;
      case 'left':
        return fenced();
      case 'begin':
        return environment();
      default:
        throw new NotKnown();
    }
  }

  function root(): VNode {
    if (peek() !== '[') return <msqrt>{argument()}</msqrt>;
    at += 1;
    const index = row((token) => token === ']');
    expect(']');
    return <mroot>{[argument(), index]}</mroot>;
  }

  function fenced(): VNode {
    const opening = delimiter();
    const inside = row((token) => token === '\\right');
    expect('\\right');
    return <mrow>{[opening, inside, delimiter()]}</mrow>;
  }

  function delimiter(): ComponentChildren {
    const token = peek() ?? '';
    if (!/^[()[\]|/.]$/.test(token)) return atom();
    at += 1;
    return token === '.' ? null : <mo>{token}</mo>;
  }

  /** Text in braces, as it stands there: its spaces count. */
  function words(): string {
    if (peek() !== '{') {
      const [token = ''] = tokens.slice(at++, at);
      return token;
    }
    const open = at;
    let level = 0;
    do {
      if (tokens[at] === '{') level += 1;
      if (tokens[at] === '}') level -= 1;
      at += 1;
      if (at > tokens.length) throw new NotKnown();
    } while (level > 0);
    return spelled(tex, tokens, open + 1, at - 1);
  }

  /** Rows and columns: matrices, cases, equations one below the other. */
  function environment(): VNode {
    const name = words().replace('*', '');
    const fences = environments.get(name);
    if (!fences) throw new NotKnown();
    if (name === 'array') words();
    const rows: VNode[][] = [[]];
    while (peek() !== '\\end') {
      if (peek() === undefined) throw new NotKnown();
      rows.at(-1)?.push(<mtd>{row((token) => token === '&' || token === '\\\\' || token === '\\end')}</mtd>);
      if (peek() === '&') at += 1;
      else if (peek() === '\\\\') {
        at += 1;
        rows.push([]);
      }
    }
    at += 1;
    words();
    const [before, after] = fences;
    const filled = rows.filter((cells) => cells.length > 0);
    return (
      <mrow>
        {before && <mo>{before}</mo>}
        <mtable class={name}>
          {filled.map((cells) => (
            <mtr>{cells}</mtr>
          ))}
        </mtable>
        {after && <mo>{after}</mo>}
      </mrow>
    );
  }

  const whole = row(() => false);
  if (at < tokens.length) throw new NotKnown();
  return whole;
}

function standsStacked(token: string | undefined): boolean {
  const name = token?.startsWith('\\') ? token.slice(1) : '';
  return largeOperators.has(name) || limitFunctions.has(name) || name === 'underbrace' || name === 'overbrace';
}

/** The text that tokens were cut from, with the spaces between them. */
function spelled(tex: string, tokens: readonly string[], from: number, to: number): string {
  let position = 0;
  let start = 0;
  for (let index = 0; index < to; index += 1) {
    const token = tokens[index] ?? '';
    const found = tex.indexOf(token, position);
    if (index === from - 1) start = found + token.length;
    position = found + token.length;
  }
  return to <= from ? '' : tex.slice(start, Math.max(position, tex.indexOf(tokens[to] ?? '', position)));
}

const environments: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['matrix', ['', '']],
  ['pmatrix', ['(', ')']],
  ['bmatrix', ['[', ']']],
  ['Bmatrix', ['{', '}']],
  ['vmatrix', ['|', '|']],
  ['Vmatrix', ['‖', '‖']],
  ['cases', ['{', '']],
  ['array', ['', '']],
  ['aligned', ['', '']],
  ['align', ['', '']],
  ['gathered', ['', '']],
  ['gather', ['', '']],
  ['equation', ['', '']],
  ['split', ['', '']],
]);
