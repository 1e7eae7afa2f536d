import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, blocksOf, createBlockReader } from './blocks.ts';

const everything = `# Title

Hello *world*, see [the list][1].

\`\`\`js
const a = 1;

// \`\`\` is not the end
\`\`\`

- a
- b

  more of b

| a | b |
|---|---|
| 1 | 2 |

> quoted

~~~
tilde
~~~
the end

[1]: https://list.example "title"
`;

test('a text in any pieces gives the same blocks', () => {
  const whole = outline(blocksOf(everything));
  for (let cut = 0; cut <= everything.length; cut += 1) {
    expect(outline(streamed([everything.slice(0, cut), everything.slice(cut)]))).toEqual(whole);
  }
  expect(outline(streamed([...everything]))).toEqual(whole);
});

test('carriage returns are line ends, also when the pair comes in two pieces', () => {
  const text = 'one\r\n\r\n```\r\ncode\r\n```\r\ntwo';
  const whole = outline(blocksOf(text.replaceAll('\r\n', '\n')));
  expect(outline(blocksOf(text))).toEqual(whole);
  expect(outline(streamed([...text]))).toEqual(whole);
});

test('no text is lost or doubled, whatever it is and however it comes', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('```\n', '~~~\n', '\n', '\n\n', '- ', '> ', '| a |', '<div>', '    ', '*', '\r', '1. '),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      expect(letters(streamed(pieces).map(textOf).join(''))).toBe(letters(pieces.join('')));
    }),
  );
  function letters(text: string): string {
    return text.replace(/[^a-zA-Z]/g, '');
  }
});

test('settled blocks stay the same objects while the text grows', () => {
  const reader = createBlockReader();
  reader.push('one\n\ntwo\n\nthr');
  const [first, second] = reader.settled;
  reader.push('ee\n\nfour');
  expect(reader.settled[0]).toBe(first);
  expect(reader.settled[1]).toBe(second);
  expect(outline(reader.open)).toEqual(['four']);
});

test('a fence that was not closed yet shows as code, and its language only once the line is complete', () => {
  const reader = createBlockReader();
  reader.push('```py');
  expect(reader.open[0]).toMatchObject({ type: 'code', language: 'py' });
  reader.push('thon\nx = 1\ny');
  expect(reader.open[0]).toMatchObject({ type: 'code', language: 'python', rest: 'x = 1\ny', isClosed: false });
  reader.end();
  expect(reader.settled).toHaveLength(1);
});

test('a link finds its address below', () => {
  const [block] = blocksOf('See [this][a] and [that].\n\n[a]: https://a.example\n[that]: https://b.example');
  expect(JSON.stringify(block)).toContain('https://a.example');
  expect(JSON.stringify(block)).toContain('https://b.example');
});

test('a long listing is kept in pieces of whole lines', () => {
  const lines = Array.from({ length: 250 }, (_, index) => `line ${index}`);
  const [block] = blocksOf(`\`\`\`\n${lines.join('\n')}\n\`\`\`\n`);
  if (block?.type !== 'code') throw new Error('expected code');
  expect(block.pieces).toHaveLength(2);
  expect([...block.pieces, block.rest].join('\n').trimEnd()).toBe(lines.join('\n'));
});

test('what is built to be deep or slow becomes plain text', () => {
  for (const text of ['> '.repeat(5000), '1. '.repeat(5000), '- '.repeat(5000), '_a'.repeat(5000), '*'.repeat(5000)]) {
    for (const block of blocksOf(text)) expect(block).toMatchObject({ tokens: [{ type: 'paragraph', tokens: [{ type: 'text' }] }] });
  }
});

test('a block is never larger than the window, so a single endless line cannot make every word dearer', () => {
  const reader = createBlockReader();
  for (let count = 0; count < 200; count += 1) reader.push('word '.repeat(200));
  reader.end();
  expect(reader.settled.length).toBeGreaterThan(10);
  expect(Math.max(...reader.settled.map((block) => textOf(block).length))).toBeLessThanOrEqual(16_384);
});

function streamed(pieces: string[]): readonly Block[] {
  const reader = createBlockReader();
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return reader.settled;
}

function outline(blocks: readonly Block[]): unknown[] {
  return blocks.map((block) => (block.type === 'code' ? [block.language, textOf(block), block.isClosed] : block.raw.trimEnd()));
}

function textOf(block: Block): string {
  return block.type === 'code' ? `${block.language}${[...block.pieces, block.rest].join('\n')}` : block.raw;
}
