import { expect, test } from 'vitest';
import { createArming, type WindowState } from './arming.ts';

const calm: WindowState = { isFocused: true, isVisible: true, geometry: '0,0,440,640' };

test('arms half a second after the window is focused and visible', () => {
  const observe = createArming();
  expect(observe(calm, 1000)).toBe(false);
  expect(observe(calm, 1499)).toBe(false);
  expect(observe(calm, 1500)).toBe(true);
});

test('a window in the background never arms, however long it waits', () => {
  const observe = createArming();
  observe({ ...calm, isFocused: false }, 0);
  expect(observe({ ...calm, isFocused: false }, 9000)).toBe(false);
  expect(observe({ ...calm, isVisible: false }, 10_000)).toBe(false);
});

test('losing focus, being hidden, moved or resized disarms and starts the wait anew', () => {
  const disturbances: WindowState[] = [
    { ...calm, isFocused: false },
    { ...calm, isVisible: false },
    { ...calm, geometry: '10,0,440,640' },
    { ...calm, geometry: '0,0,440,300' },
  ];
  for (const disturbed of disturbances) {
    const observe = createArming();
    observe(calm, 0);
    expect(observe(calm, 600)).toBe(true);
    expect(observe(disturbed, 700)).toBe(false);
    expect(observe(calm, 710)).toBe(false);
    expect(observe(calm, 1100)).toBe(false);
    expect(observe(calm, 1210)).toBe(true);
  }
});

test('is armed by the clock and not by how often it is asked', () => {
  const observe = createArming();
  for (let count = 0; count < 100; count += 1) expect(observe(calm, 0)).toBe(false);
});
