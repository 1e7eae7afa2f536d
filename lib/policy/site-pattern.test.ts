import { describe, expect, it } from 'vitest';
import { isSiteMeant, sitePatternProblem } from './site-pattern.ts';

describe('a site pattern', () => {
  it.each([
    ['*', 'https://anything.example', true],
    ['example.com', 'https://example.com', true],
    ['example.com', 'http://example.com:8080', true],
    ['example.com', 'https://deep.app.example.com', true],
    ['example.com', 'https://notexample.com', false],
    ['example.com', 'https://example.com.evil.test', false],
    ['https://example.com', 'https://example.com', true],
    ['https://example.com', 'http://example.com', false],
    ['https://example.com', 'https://app.example.com', false],
    ['https://example.com', 'https://example.com:8443', false],
    ['https://*.example.com', 'https://app.example.com', true],
    ['https://*.example.com', 'https://example.com', false],
    ['https://*.example.com', 'https://evilexample.com', false],
    ['https://app.example.com:8443', 'https://app.example.com:8443', true],
    ['https://app.example.com:8443', 'https://app.example.com', false],
    ['https://example.com:443', 'https://example.com', true],
    ['HTTPS://Example.COM', 'https://example.com', true],
    ['http://localhost:3000', 'http://localhost:3000', true],
    ['http://127.0.0.1', 'http://127.0.0.1', true],
    ['[::1]:8080', 'http://[::1]:8080', true],
    ['example.com', 'null', false],
  ])('%s and %s: %j', (pattern, origin, isMeant) => {
    expect(isSiteMeant(origin, [pattern])).toBe(isMeant);
  });

  it.each([
    '',
    'https://',
    'example.com/path',
    'https://exa mple.com',
    '*.*',
    'ftp://example.com',
    'https://example.com:port',
    '.example.com',
  ])('says what is wrong with "%s"', (pattern) => {
    expect(sitePatternProblem(pattern)).toMatch(/is not a site\. Write it as /);
  });

  it.each(['*', 'localhost', 'example.com', 'https://*.example.com', 'http://127.0.0.1:5000', 'http://[::1]:8080'])(
    'takes "%s"',
    (pattern) => {
      expect(sitePatternProblem(pattern)).toBeUndefined();
    },
  );
});
