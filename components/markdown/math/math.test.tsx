import type { ComponentChildren, VNode } from 'preact';
import { expect, it } from 'vitest';
import { findMath } from './find-math.ts';
import { mathOf } from './math.tsx';

it.each([
  ['\\(x_1\\) and', 'x_1', false],
  ['\\[a = b\\]', 'a = b', true],
  ['$$\\frac{a}{b}\n* c$$', '\\frac{a}{b}\n* c', true],
  ['$E = mc^2$.', 'E = mc^2', false],
  ['$n$ times', 'n', false],
])('%s begins with a formula', (text, formula, isDisplay) => {
  expect(findMath(text)).toMatchObject({ text: formula, isDisplay });
});

it.each(['$5 and $10', '$5 or 10$ off', '$ x $', '$HOME', '\\(never closed'])('%s does not', (text) => {
  expect(findMath(text)).toBeUndefined();
});

it.each([
  ['\\frac{a_1}{2}', '(mfrac (mrow (msub a 1)) (mrow 2))'],
  ['x^2 - y', '(msup x 2) − y'],
  ["f'(x)", '(msup f ′) ( x )'],
  ['\\sum_{i=1}^n i', '(munderover ∑ (mrow i = 1) n) i'],
  ['\\int_0^1 x\\,dx', '(msubsup ∫ 0 1) x (mspace) d x'],
  ['\\sqrt[3]{8}', '(mroot (mrow 8) (mrow 3))'],
  ['\\left( \\alpha \\right.', '(mrow ( (mrow α))'],
  ['\\text{if } x', 'if  x'],
  [
    '\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}',
    '(mrow ( (mtable (mtr (mtd (mrow 1)) (mtd (mrow 2))) (mtr (mtd (mrow 3)) (mtd (mrow 4)))) ))',
  ],
])('%s is %s', (tex, expected) => {
  expect(brief(mathOf(tex, false))).toBe(`(math (mrow ${expected}))`);
});

it('what is not known, or not complete, stands there as it was written', () => {
  for (const tex of [
    '\\href{javascript:alert(1)}{x}',
    '\\frac{1}',
    '{',
    'a}',
    'x^1^2',
    '\\begin{evil}x\\end{evil}',
    '{'.repeat(500),
    '\\sqrt'.repeat(5000),
  ]) {
    expect(mathOf(tex, true)).toMatchObject({ type: 'code', props: { children: tex } });
  }
});

/** Elements by their names, leaves by their text. */
function brief(node: ComponentChildren): string {
  if (Array.isArray(node)) return node.map(brief).filter(Boolean).join(' ');
  if (node === null || typeof node !== 'object') return typeof node === 'string' ? node : '';
  const { type, props } = node as VNode<{ children?: ComponentChildren }>;
  const inner = brief(props.children);
  return ['mi', 'mn', 'mo', 'mtext'].includes(String(type)) ? inner : `(${[type, inner].filter(Boolean).join(' ')})`;
}
