import type { Links, Token } from 'marked';
import { cutWindow, lex } from './lex.ts';

/** A piece of an answer that is rendered once: a run of code, or one paragraph, list, table… of markdown. */
export type Block = CodeBlock | MarkdownBlock;

export interface CodeBlock {
  type: 'code';
  language: string;
  /** Finished pieces of whole lines, so that a long listing is not laid out anew with each new word. */
  pieces: string[];
  /** What comes after them. */
  rest: string;
  isClosed: boolean;
}

export interface MarkdownBlock {
  type: 'markdown';
  raw: string;
  tokens: Token[];
}

/** Turns a growing text into blocks. Only what may still change is read again, so a long answer costs no more a word than a short one. */
export interface BlockReader {
  push(text: string): void;
  /** The text is complete: nothing waits for a next line any more. */
  end(): void;
  /** Blocks that will not change; only ever appended to, except where a later definition gives a link its address. */
  readonly settled: readonly Block[];
  /** What the text ends with, as it looks for now. */
  readonly open: readonly Block[];
}

/** Lines of code in a finished piece. */
const pieceLines = 100;

export function createBlockReader(): BlockReader {
  const settled: Block[] = [];
  let open: Block[] = [];
  /** Text after the last settled block. */
  let rest = '';
  /** An open run of code, and what closes it. */
  let fence: { block: CodeBlock; closing: RegExp } | undefined;
  /** A carriage return whose line feed may be in the next piece. */
  let isReturnPending = false;
  const links: Links = {};

  function push(text: string): void {
    const whole = isReturnPending ? `\r${text}` : text;
    isReturnPending = whole.endsWith('\r');
    rest += (isReturnPending ? whole.slice(0, -1) : whole).replace(/\r\n?/g, '\n');
    read();
  }

  function end(): void {
    if (isReturnPending || (fence && !rest.endsWith('\n'))) rest += '\n';
    isReturnPending = false;
    read();
    for (const block of open) settle(block);
    rest = '';
    open = [];
    fence = undefined;
    resolveLinks();
  }

  function read(): void {
    while (fence ? readCode(fence) : readMarkdown()) {
      // Each turn settles something, or changes from markdown to code or back.
    }
  }

  /** Moves whole lines into the open block; true when it closed. */
  function readCode({ block, closing }: { block: CodeBlock; closing: RegExp }): boolean {
    const close = closing.exec(rest);
    const upTo = close ? close.index : rest.lastIndexOf('\n') + 1;
    appendLines(block, rest.slice(0, upTo));
    rest = rest.slice(close ? close.index + close[0].length : upTo);
    open = close ? [] : [{ ...block, rest: block.rest + rest }];
    if (!close) return false;
    settle({ ...block, isClosed: true });
    fence = undefined;
    return true;
  }

  /** Settles what is complete at the front of `rest`; true when there is more to do behind it. */
  function readMarkdown(): boolean {
    const window = cutWindow(rest);
    const isCut = window.length < rest.length;
    const tokens = lex(window, links);
    const last = tokens.findLastIndex(({ type }) => type !== 'space');
    open = [];
    let from = 0;
    for (const [index, token] of tokens.entries()) {
      const opening = isFenced(token) ? fenceOpening.exec(rest.slice(from)) : null;
      if (opening?.[0].endsWith('\n')) {
        fence = openFence(opening);
        rest = rest.slice(from + opening[0].length);
        return true;
      }
      const block: Block = opening ? openFence(opening).block : { type: 'markdown', raw: token.raw, tokens: [token] };
      if (index < last || isCut) settle(block);
      else if (index === last) open = [block];
      if (index < last || isCut) from += token.raw.length;
    }
    rest = rest.slice(last < 0 ? rest.lastIndexOf('\n') + 1 : from);
    return isCut;
  }

  function settle(block: Block): void {
    const token = block.type === 'markdown' ? block.tokens[0] : undefined;
    if (token?.type === 'def') links[token.tag] ??= { href: token.href, title: token.title };
    else if (token?.type !== 'space') settled.push(block);
  }

  /** A link may be defined below its use: once all definitions are known, blocks that may use them are read again. */
  function resolveLinks(): void {
    if (Object.keys(links).length === 0) return;
    for (const [index, block] of settled.entries()) {
      if (block.type === 'markdown' && /\]([^(]|$)/.test(block.raw)) settled[index] = { ...block, tokens: lex(block.raw, links) };
    }
  }

  return {
    push,
    end,
    get settled() {
      return settled;
    },
    get open() {
      return open;
    },
  };
}

/** The blocks of a complete text. */
export function blocksOf(text: string): readonly Block[] {
  const reader = createBlockReader();
  reader.push(text);
  reader.end();
  return reader.settled;
}

const fenceOpening = /^ {0,3}(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})([^\n]*)(?:\n|$)/;

function isFenced(token: Token): boolean {
  return token.type === 'code' && token.codeBlockStyle !== 'indented';
}

function openFence([, marker = '', info = '']: RegExpExecArray): { block: CodeBlock; closing: RegExp } {
  return {
    block: { type: 'code', language: info.trim().split(/\s/)[0] ?? '', pieces: [], rest: '', isClosed: false },
    closing: new RegExp(`^ {0,3}${marker[0]}{${marker.length},}[ \\t]*\\n`, 'm'),
  };
}

function appendLines(block: CodeBlock, lines: string): void {
  block.rest += lines;
  for (;;) {
    let at = -1;
    for (let count = 0; count < pieceLines; count += 1) {
      at = block.rest.indexOf('\n', at + 1);
      if (at < 0) return;
    }
    block.pieces.push(block.rest.slice(0, at));
    block.rest = block.rest.slice(at + 1);
  }
}
