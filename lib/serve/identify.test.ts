import { describe, expect, it } from 'vitest';
import { identify, type Sender } from './identify.ts';

const own = { id: 'own', origin: 'chrome-extension://own' };
const page = (more: Partial<Sender> = {}): Sender => ({
  id: 'own',
  origin: 'https://site.example',
  url: 'https://site.example/path',
  frameId: 0,
  tab: { id: 7, url: 'https://site.example/path', incognito: false },
  ...more,
});
const ownPage = (more: Partial<Sender> = {}): Sender => ({ id: 'own', origin: own.origin, url: `${own.origin}/popup.html`, ...more });

describe('who is asking', () => {
  it.each<[string, Sender]>([
    ['the popup, which is in no tab', ownPage()],
    ['the options page in a tab', ownPage({ url: `${own.origin}/options.html#/sites`, frameId: 0, tab: { id: 1 } })],
    ['the consent window', ownPage({ url: `${own.origin}/consent.html?id=1`, frameId: 0, tab: { id: 1 } })],
    ['the side panel', ownPage({ url: `${own.origin}/sidepanel.html` })],
  ])('is the extension itself: %s', (_, sender) => {
    expect(identify(sender, own)).toEqual({ role: 'extension' });
  });

  it.each<[string, Sender]>([
    ['a frame of the extension inside another page', ownPage({ frameId: 3, tab: { id: 1, url: 'https://evil.example/' } })],
    ['a page of the extension that makes no calls', ownPage({ url: `${own.origin}/engine.html` })],
    ['a path that only looks like one of ours', ownPage({ url: `${own.origin}/popup.html/../../x` })],
    ['a site whose address imitates one of our pages', page({ url: `${own.origin}/popup.html`, origin: 'null' })],
    ['the background itself, without an address', ownPage({ url: undefined })],
  ])('is not the extension: %s', (_, sender) => {
    expect(identify(sender, own).role).toBe('refused');
  });

  it.each<[string, Partial<Sender>, string]>([
    ['a top-level page', {}, 'https://site.example'],
    ['a sandboxed address is not looked at', { url: 'https://victim.example/' }, 'https://site.example'],
    ['an about:blank child of the same origin', { url: 'about:blank', frameId: 4 }, 'https://site.example'],
    ['a blob: document', { url: 'blob:https://site.example/1' }, 'https://site.example'],
    ['another port is another origin', { origin: 'https://site.example:8443' }, 'https://site.example:8443'],
    ['a trailing dot is another origin', { origin: 'https://site.example.' }, 'https://site.example.'],
    ['punycode stays punycode', { origin: 'https://xn--80ak6aa92e.com' }, 'https://xn--80ak6aa92e.com'],
    ['localhost over http', { origin: 'http://localhost:5173' }, 'http://localhost:5173'],
    ['a name under localhost', { origin: 'http://app.localhost' }, 'http://app.localhost'],
    ['a loopback address', { origin: 'http://127.0.0.2:80' }, 'http://127.0.0.2:80'],
    ['the IPv6 loopback', { origin: 'http://[::1]:3000' }, 'http://[::1]:3000'],
  ])('is a site: %s', (_, more, origin) => {
    expect(identify(page(more), own)).toEqual({ role: 'site', origin, tabId: 7, frameId: more.frameId ?? 0, isPrivate: false });
  });

  it('names both where a frame is inside a page of another origin', () => {
    expect(identify(page({ origin: 'https://widget.example', url: 'https://site.example/', frameId: 2 }), own)).toEqual({
      role: 'site',
      origin: 'https://widget.example',
      topOrigin: 'https://site.example',
      tabId: 7,
      frameId: 2,
      isPrivate: false,
    });
  });

  it('keeps frame numbers that do not fit 32 bits, and knows private windows', () => {
    const sender = page({ frameId: 12884901891, tab: { id: 7, url: 'https://site.example/', incognito: true } });
    expect(identify(sender, own)).toMatchObject({ role: 'site', frameId: 12884901891, isPrivate: true });
  });

  it.each<[string, Partial<Sender>, RegExp]>([
    ['a sandboxed frame of a trusted address', { origin: 'null', url: 'https://site.example/' }, /no origin of its own/],
    ['no origin at all', { origin: undefined }, /no origin of its own/],
    ['a local file', { origin: 'file://' }, /local files/],
    ['another extension', { origin: 'chrome-extension://other' }, /https or on localhost/],
    ['plain http on the network', { origin: 'http://192.168.1.5' }, /over https/],
    ['a host that only begins like a loopback', { origin: 'http://127.0.0.1.evil.example' }, /over https/],
    ['a host that only ends like localhost', { origin: 'http://notlocalhost' }, /over https/],
    ['a frame in a tab whose address is hidden', { frameId: 2, tab: { id: 7 } }, /page around this frame/],
    ['a frame in an about:blank tab', { frameId: 2, tab: { id: 7, url: 'about:blank' } }, /page around this frame/],
    ['a frame in a local file', { frameId: 2, tab: { id: 7, url: 'file:///home/a.html' } }, /page around this frame/],
    ['a frame in a page of plain http', { frameId: 2, tab: { id: 7, url: 'http://shop.example/' } }, /page around this frame/],
    ['a prerendered page', { frameId: 5, documentLifecycle: 'prerender' }, /not shown yet/],
    ['a sender without a tab', { tab: undefined }, /pages in tabs only/],
    ['a tab that has closed', { tab: {} }, /pages in tabs only/],
    ['a sender without a frame', { frameId: undefined }, /pages in tabs only/],
    ['an origin that is no address', { origin: '__proto__' }, /https or on localhost/],
  ])('is refused with a reason: %s', (_, more, reason) => {
    const identity = identify(page(more), own);
    expect(identity.role === 'refused' && identity.error).toMatchObject({
      code: 'unsupported-context',
      message: expect.stringMatching(reason),
    });
  });

  it('is refused when it comes from elsewhere or says nothing', () => {
    expect(identify(page({ id: 'other' }), own).role).toBe('refused');
    expect(identify(undefined, own).role).toBe('refused');
    expect(identify({}, own).role).toBe('refused');
  });
});
