import { expect, test } from 'vitest';
import { originParts } from './origin-parts.ts';

test('the registrable domain stands out', () => {
  expect(originParts('https://app.notes.example')).toEqual({
    scheme: 'https://',
    lead: 'app.',
    domain: 'notes.example',
    port: '',
    isCut: false,
  });
  expect(originParts('https://shop.co.uk')).toMatchObject({ lead: '', domain: 'shop.co.uk' });
  expect(originParts('https://a.b.shop.co.uk:8443')).toMatchObject({ lead: 'a.b.', domain: 'shop.co.uk', port: ':8443' });
});

test('pages of different people on one shared domain are told apart', () => {
  expect(originParts('https://mallory.github.io')).toMatchObject({ lead: '', domain: 'mallory.github.io' });
});

test('a long name is cut on its left, so that it cannot push the real domain out of sight', () => {
  const parts = originParts(`https://accounts.google.com.${'very-long-name.'.repeat(12)}evil.example`);
  expect(parts.domain).toBe('evil.example');
  expect(parts.isCut).toBe(true);
  expect(parts.lead.length).toBeLessThan(60);
  expect(parts.lead).toMatch(/^….*name\.$/);
  expect(parts.lead).not.toContain('google');
});

test('addresses and local names stand out as a whole', () => {
  expect(originParts('http://127.0.0.1:5173')).toMatchObject({ scheme: 'http://', lead: '', domain: '127.0.0.1', port: ':5173' });
  expect(originParts('http://[::1]:5173')).toMatchObject({ lead: '', domain: '[::1]' });
  expect(originParts('http://localhost:3000')).toMatchObject({ lead: '', domain: 'localhost' });
  expect(originParts('http://app.localhost:3000').domain).toBe('app.localhost');
});

test('a name in another script is shown in ASCII', () => {
  expect(originParts('https://xn--80ak6aa92e.com')).toMatchObject({ domain: 'xn--80ak6aa92e.com' });
});
