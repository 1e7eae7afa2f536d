import { afterEach, describe, expect, it, vi } from 'vitest';
import { withKit } from './load-kit.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A background page in Firefox whose scripts are being read. */
function startPage(): { loaded(): void } {
  const page = new EventTarget();
  const document = { readyState: 'loading' };
  vi.stubGlobal('document', document);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  return {
    loaded() {
      document.readyState = 'interactive';
      page.dispatchEvent(new Event('DOMContentLoaded'));
    },
  };
}

describe('work that needs the backends', () => {
  it('waits in its order until the scripts of a background page have been read, and for nothing after that', () => {
    const page = startPage();
    const done: number[] = [];
    withKit(() => done.push(1));
    withKit(() => done.push(2));
    expect(done).toEqual([]);
    page.loaded();
    withKit(() => done.push(3));
    expect(done).toEqual([1, 2, 3]);
  });

  it('is done at once in a worker, which reads them when it comes to them', () => {
    vi.stubGlobal('importScripts', () => {});
    const done: number[] = [];
    withKit(() => done.push(1));
    expect(done).toEqual([1]);
  });
});
