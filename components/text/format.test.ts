import { beforeEach, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { bytes, duration, moment, money, percent, shortNumber, speed, wholeNumber, windowSize } from './format.ts';

beforeEach(() => {
  const getMessage = (key: string, values: string[] = []) => (key === 'languageTag' ? 'en' : values.join(' '));
  vi.spyOn(fakeBrowser.i18n, 'getMessage').mockImplementation(getMessage as typeof fakeBrowser.i18n.getMessage);
});

test('figures are short and exact where they are small', () => {
  expect([wholeNumber(8192), shortNumber(212), shortNumber(68_400), shortNumber(200_000), percent(0.62)]).toEqual([
    '8,192',
    '212',
    '68.4K',
    '200K',
    '62%',
  ]);
  expect([bytes(900), bytes(1_700_000), bytes(8_760_000_000)]).toEqual(['900B', '1.7 MB', '8.8 GB']);
});

test('a window is named as models are, in powers of two', () => {
  expect([windowSize(512), windowSize(32_768), windowSize(131_072), windowSize(200_000), windowSize(1_048_576)]).toEqual([
    '512',
    '32K',
    '128K',
    '200K',
    '1M',
  ]);
});

test('money keeps two digits that mean something', () => {
  expect([money(0), money(500_000), money(2_000_000), money(12_000), money(400), money(4)]).toEqual([
    '$0.00',
    '$0.50',
    '$2.00',
    '$0.012',
    '$0.0004',
    '$0.000004',
  ]);
});

test('a duration is in the unit people say it in', () => {
  expect([duration(300), duration(3200), duration(12_000), duration(180_000)]).toEqual(['0.3s', '3.2s', '12s', '3 min']);
});

test('speed is said only where there is something to measure', () => {
  expect(speed(41, 1000)).toBe('41');
  expect(speed(7, 2000)).toBe('3.5');
  expect([speed(1, 1000), speed(100, 0)]).toEqual([undefined, undefined]);
});

test('today is a time, another day has its date', () => {
  const now = new Date(2026, 4, 5, 12, 0).getTime();
  expect(moment(new Date(2026, 4, 5, 9, 30).getTime(), now)).toBe('9:30 AM');
  expect(moment(new Date(2026, 4, 4, 9, 30).getTime(), now)).toBe('May 4, 2026, 9:30 AM');
});
