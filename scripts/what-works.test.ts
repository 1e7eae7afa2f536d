import { expect, it } from 'vitest';
import { readPage, updatedPage } from './what-works.ts';

it('docs/users/what-works.md says what the code can do (else: node scripts/what-works.ts)', () => {
  expect(readPage()).toBe(updatedPage(readPage()));
});
