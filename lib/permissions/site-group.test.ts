import { describe, expect, it } from 'vitest';
import { siteGroup } from './site-group.ts';

describe('what counts as one asker, whatever its subdomains', () => {
  it.each([
    ['https://a.b.example.com', 'example.com'],
    ['https://example.com:8443', 'example.com'],
    ['https://shop.example.co.uk', 'example.co.uk'],
    ['https://one.github.io', 'one.github.io'],
    ['https://x.one.vercel.app', 'one.vercel.app'],
    ['https://xn--80ak6aa92e.com', 'xn--80ak6aa92e.com'],
    ['https://example.com.', 'example.com'],
    ['http://localhost:3000', 'localhost:3000'],
    ['http://a.localhost:3000', 'a.localhost'],
    ['http://127.0.0.1:8080', '127.0.0.1:8080'],
    ['http://[::1]:8080', '[::1]:8080'],
  ])('%s is %s', (origin, group) => {
    expect(siteGroup(origin)).toBe(group);
  });
});
