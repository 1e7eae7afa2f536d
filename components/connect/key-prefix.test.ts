import { expect, test } from 'vitest';
import { backendOfKey, isKey } from './key-prefix.ts';

test('a key tells its service by how it begins', () => {
  expect(backendOfKey(`sk-${'ant'}-api03-x`)).toBe('claude');
  expect(backendOfKey(`sk-${'or'}-v1-x`)).toBe('openrouter');
  expect(backendOfKey(`sk-${'proj'}-x`)).toBe('openai');
  expect(backendOfKey(`sk-${'A'.repeat(48)}`)).toBe('openai');
  expect(backendOfKey(`sk-${'0123456789abcdef'.repeat(2)}`)).toBe('deepseek');
  expect(backendOfKey(`pst-${'x'.repeat(8)}`)).toBe('novelai');
  expect(backendOfKey(`mcr-${'x'.repeat(8)}`)).toBe('mancer');
  expect(backendOfKey(`gsk_${'x'.repeat(8)}`)).toBe('groq');
  expect(backendOfKey(`xai-${'x'.repeat(8)}`)).toBe('xai');
  expect(backendOfKey(`AIza${'x'.repeat(8)}`)).toBe('gemini');
});

test('spaces and line breaks of a careless paste do not matter', () => {
  expect(backendOfKey(`  sk-${'ant'}-x\n`)).toBe('claude');
});

test('a key that could be anyone’s is nobody’s', () => {
  for (const key of ['', 'hello', 'a'.repeat(32), 'http://127.0.0.1']) expect(backendOfKey(key)).toBeUndefined();
});

test('a key is told from an address, whatever the address begins with', () => {
  expect(isKey(` sk-${'or'}-v1-${'x'.repeat(32)}`)).toBe(true);
  for (const address of ['sk-box:8080', 'http://sk-box.local/v1', 'sk-box', 'localhost']) expect(isKey(address)).toBe(false);
});
