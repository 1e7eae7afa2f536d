import type { VNode } from 'preact';
import type { Block } from './blocks.ts';
import { CodeView } from './code-view.tsx';
import { nodesOf } from './nodes.tsx';

interface Props {
  settled: readonly Block[];
  open: readonly Block[];
}

/** An answer. A block that did not change keeps its node, which Preact then does not look into again. */
export function Markdown({ settled, open }: Props) {
  const chunks: VNode[] = [];
  for (let from = 0; from < settled.length; from += chunkSize) {
    chunks.push(chunkOf(settled.slice(from, from + chunkSize), from + chunkSize <= settled.length));
  }
  return (
    <div class="markdown" dir="auto">
      {chunks}
      {open.map(viewOf)}
    </div>
  );
}

/** What a block says, for the screen reader's announcements. */
export function plainTextOf(block: Block): string {
  if (block.type === 'code') return [...block.pieces, block.rest].join('\n');
  return block.tokens.map((token) => ('text' in token ? String(token.text) : token.raw)).join(' ');
}

/** Enough that a megabyte is a few dozen nodes at the top. */
const chunkSize = 64;

const chunks = new WeakMap<Block, VNode>();
const views = new WeakMap<Block, VNode>();

function chunkOf(blocks: readonly Block[], isFull: boolean): VNode {
  const last = blocks.at(-1);
  const known = last && isFull ? chunks.get(last) : undefined;
  if (known) return known;
  const made = <div class="chunk">{blocks.map(viewOf)}</div>;
  if (last && isFull) chunks.set(last, made);
  return made;
}

function viewOf(block: Block): VNode {
  const known = views.get(block);
  if (known) return known;
  const made =
    block.type === 'code' ? (
      <CodeView language={block.language} pieces={block.pieces} rest={block.rest} />
    ) : (
      <div class="block">{nodesOf(block.tokens)}</div>
    );
  views.set(block, made);
  return made;
}
