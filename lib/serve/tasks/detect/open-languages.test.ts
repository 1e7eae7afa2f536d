import { expect, it, vi } from 'vitest';
import { openCld3 } from './open-cld3.ts';
import { openLanguages } from './open-languages.ts';

vi.mock('./open-cld3.ts', { spy: true });

it('common and rare languages are told by two libraries, each silent about what the other knows', async () => {
  const { common, rare } = await openLanguages();
  expect(common('Wo ist der Bahnhof, bitte?')[0]?.[0]).toBe('de');
  expect(rare('Wo ist der Bahnhof, bitte?')).toBeUndefined();
  expect(rare('Lona umusho oyisibonelo.')).toMatchObject({ language: 'zu', probability: expect.closeTo(1, 1) });
});

it('tells the common ones where WebAssembly does not start', async () => {
  vi.mocked(openCld3).mockRejectedValue(new Error('no WebAssembly'));
  const { common, rare } = await openLanguages();
  expect(common('Wo ist der Bahnhof, bitte?')[0]?.[0]).toBe('de');
  expect(rare('Lona umusho oyisibonelo.')).toBeUndefined();
});
