import { expect, it } from 'vitest';
import { pages, readPage, updatedPage } from './what-works.ts';

it.each(Object.entries(pages))('%s says what the code can do (else: node scripts/what-works.ts)', (page, table) => {
  expect(readPage(page)).toBe(updatedPage(readPage(page), table));
});
