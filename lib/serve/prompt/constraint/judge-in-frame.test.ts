import { afterEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import type { CallContext } from '../../method.ts';
import { judge } from './judge.ts';
import { judgeInFrame } from './judge-in-frame.ts';

type Injection = Parameters<typeof browser.scripting.executeScript>[0];

const site = { role: 'site', origin: 'https://site.example', tabId: 7, frameId: 3, isPrivate: false, isActive: () => true } as const;
const context = (signal = new AbortController().signal): CallContext => ({ caller: site, signal });
/** With sixty letters it would take longer than the universe has been there; with twelve a test fails that runs it. */
const endless = { constraint: { pattern: '(a+)+', isTold: true, isLive: false }, beginning: '', answer: `${'a'.repeat(12)}!` };

/** A frame, as far as scripts can be put into it. */
function frame(run: (injection: Injection) => unknown) {
  const injections: Injection[] = [];
  const executeScript = async (injection: Injection) => {
    injections.push(injection);
    return [{ frameId: 3, documentId: 'd', result: await run(injection) }];
  };
  Object.assign(browser, { scripting: { executeScript } });
  return injections;
}

afterEach(() => vi.useRealTimers());

describe("a page's expression or schema", () => {
  it('[A-39] runs in the frame that asked, apart from its scripts, and nowhere else', async () => {
    const injections = frame(() => ({ problem: 'no' }));
    expect(await judgeInFrame(endless, context())).toEqual({ problem: 'no' });
    expect(injections).toEqual([expect.objectContaining({ target: { tabId: 7, frameIds: [3] }, args: [endless] })]);
    expect(injections[0]).not.toHaveProperty('world');
  });

  it('[A-39] brings the script there that decides, once', async () => {
    let isThere = false;
    const injections = frame(({ files }) => {
      if (files) isThere = true;
      return isThere && !files ? { text: 'yes' } : null;
    });
    for (const _ of [1, 2]) expect(await judgeInFrame({ ...endless, answer: 'a' }, context())).toEqual({ text: 'yes' });
    expect(injections.map(({ files }) => files?.[0])).toEqual([undefined, '/judge.js', undefined, undefined]);
  });

  it('[A-39] that takes for ever fails after ten seconds, and at once where the call is stopped', async () => {
    vi.useFakeTimers();
    frame(() => new Promise(() => {}));
    const late = judgeInFrame(endless, context()).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await late).toMatchObject({ name: 'NotSupportedError', message: expect.stringContaining('too long') });
    const stop = new AbortController();
    const stopped = judgeInFrame(endless, context(stop.signal));
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });

  it('is refused where the frame takes no scripts', async () => {
    frame(() => Promise.reject(new Error('No frame with id 3')));
    await expect(judgeInFrame(endless, context())).rejects.toMatchObject({ code: 'unsupported-context' });
  });

  it('of our own pages is decided on the spot', async () => {
    const injections = frame(() => null);
    const own: CallContext = { ...context(), caller: { role: 'extension' } };
    expect(await judgeInFrame({ ...endless, answer: 'aaa' }, own)).toEqual({ text: 'aaa' });
    expect(injections).toEqual([]);
  });

  it('[A-39] that refers to itself without end cannot be decided', async () => {
    const schema = JSON.stringify({ $ref: '#' });
    const question = { constraint: { schema, isTold: true, isLive: false }, beginning: '', answer: '1' };
    expect(judge(question)).toEqual({ isUndecidable: true });
    frame(() => judge(question));
    await expect(judgeInFrame(question, context())).rejects.toMatchObject({ name: 'NotSupportedError' });
  });
});
