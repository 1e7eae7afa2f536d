import { expect, test } from 'vitest';
import { quote } from './quote.ts';

test('short words are quoted as they are, HTML and markdown included', () => {
  expect(quote('Summarise **this** <b>now</b>')).toBe('Summarise **this** <b>now</b>');
  expect(quote('用中文总结：第一点')).toBe('用中文总结：第一点');
});

test('characters that reorder or hide text are gone', () => {
  expect(quote('safe\u202eevil\u200b\u2066x\u0007\u{e0041}')).toBe('safeevilx');
});

test('[C-19] marks that pile up over other lines are gone, those that scripts need stay', () => {
  expect(quote(`a${'\u0300'.repeat(280)}b`)).toBe(`a${'\u0300'.repeat(6)}b`);
  expect(quote('Tiếng Việt, ภาษาไทยที่นี่, שָׁלוֹם')).toBe('Tiếng Việt, ภาษาไทยที่นี่, שָׁלוֹם');
});

test('a flood of lines or of text is cut', () => {
  expect(quote('a\n\n\n\n\nb')).toBe('a\n\nb');
  expect(quote('line\n'.repeat(50)).split('\n')).toHaveLength(6);
  expect(quote('x'.repeat(5000))).toBe(`${'x'.repeat(300)}…`);
  expect(quote('😀'.repeat(400)).endsWith('😀…')).toBe(true);
});
