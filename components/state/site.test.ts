import { expect, test } from 'vitest';
import { siteOf } from './site.ts';

test('a page on https and on this computer is a site, named by its origin alone', () => {
  expect(siteOf('https://notes.example/a?b#c', 3)).toEqual({ type: 'site', origin: 'https://notes.example', tabId: 3 });
  expect(siteOf('http://localhost:5173/', 3)).toMatchObject({ origin: 'http://localhost:5173' });
  expect(siteOf('http://127.0.0.1:8080/')).toMatchObject({ origin: 'http://127.0.0.1:8080' });
  expect(siteOf('http://[::1]:8080/')).toMatchObject({ origin: 'http://[::1]:8080' });
  expect(siteOf('http://app.localhost/')).toMatchObject({ type: 'site' });
});

test('a page where Switchboard does not answer says why', () => {
  expect(siteOf('http://notes.example/')).toEqual({ type: 'unsupported', reason: 'insecure' });
  expect(siteOf('http://127.0.0.1.evil.example/')).toEqual({ type: 'unsupported', reason: 'insecure' });
  expect(siteOf('file:///home/me/page.html')).toEqual({ type: 'unsupported', reason: 'file' });
  for (const address of [
    'chrome://settings',
    'about:addons',
    'chrome-extension://abc/x.html',
    'https://addons.mozilla.org/',
    'nonsense',
    '',
    undefined,
  ]) {
    expect(siteOf(address)).toEqual({ type: 'unsupported', reason: 'browser' });
  }
});

test('a name in another script is shown as its ASCII form', () => {
  expect(siteOf('https://аррӏе.com/')).toMatchObject({ origin: 'https://xn--80ak6aa92e.com' });
});
