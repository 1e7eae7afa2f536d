import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { listAsking } from './asking.ts';
import { type Consent, type ConsentRequest, createConsent } from './consent.ts';
import type { Grant } from './grant.ts';
import { takeOnce } from './grant-use.ts';
import { findGrant, findGrants, setGrant } from './grants.ts';
import { type ConsentQuestion, getQuestion, type QuestionContent, watchQuestion } from './question.ts';

const content: QuestionContent = {
  connectionId: 'c',
  connectionName: 'Home',
  backend: 'llamacpp',
  model: 'one',
  modelName: 'One',
  place: 'device',
  host: '127.0.0.1:8080',
  promptPreview: 'Hello',
  abilities: ['chat', 'list'],
  limits: { concurrent: 8 },
  asksAccessOnly: false,
  choices: [{ connectionId: 'c', connectionName: 'Home', model: 'two', place: 'device' }],
};

const unconnected = { content: { ...content, isUnconnected: true, connectionId: '', model: '', choices: [] }, revisions: {} };

const never = new AbortController().signal;

function requestOf(origin: string, more: Partial<ConsentRequest> = {}): ConsentRequest {
  return {
    origin,
    tabId: 1,
    isPrivate: false,
    isActive: () => true,
    asksAccessOnly: false,
    abilities: ['chat'],
    describe: async () => ({ content: { ...content, asksAccessOnly: more.asksAccessOnly ?? false }, revisions: { c: 3 } }),
    untilConnected: () => new Promise(() => {}),
    ...more,
  };
}

describe('consent', () => {
  let consent: Consent;
  let opened: number;

  beforeEach(() => {
    fakeBrowser.reset();
    opened = 0;
    vi.spyOn(fakeBrowser.windows, 'create').mockImplementation(async () => ({ id: ++opened }) as never);
    vi.spyOn(fakeBrowser.windows, 'remove').mockResolvedValue(undefined);
    consent = createConsent();
  });
  afterEach(() => void vi.useRealTimers());

  /** The question that is shown, once it is. */
  async function shown(after?: ConsentQuestion): Promise<ConsentQuestion> {
    return await vi.waitFor(async () => {
      const question = await getQuestion();
      if (!question || question.id === after?.id) throw new Error('nothing is shown');
      return question;
    });
  }

  async function answer(decision: 'once' | 'session' | 'always' | 'block' | 'deny', more: object = {}): Promise<ConsentQuestion> {
    const question = await shown();
    await consent.decide({ id: question.id, nonce: question.nonce, decision, ...more });
    return question;
  }

  const outcome = (asked: Promise<Grant | undefined>) =>
    asked.then(
      (grant) => grant?.decision ?? 'again',
      (error) => error.code as string,
    );

  it('opens one window, which finds its question in session storage, and grants what was shown', async () => {
    const asked = consent.ask(requestOf('https://a.example'), never);
    const question = await shown();
    expect(question).toMatchObject({ ...content, origin: 'https://a.example' });
    expect(fakeBrowser.windows.create).toHaveBeenCalledWith({
      url: fakeBrowser.runtime.getURL('/consent.html'),
      type: 'popup',
      width: 440,
      height: 640,
      focused: true,
    });
    await answer('always');
    expect(await asked).toMatchObject({ decision: 'always', models: [{ connectionId: 'c', model: 'one', revision: 3 }] });
    expect(await findGrant('https://a.example')).toMatchObject({ limits: { concurrent: 8 } });
    await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
    expect(fakeBrowser.windows.remove).toHaveBeenCalledWith(1);
  });

  it('asks a hundred calls of one site once; the others look at the grants again', async () => {
    const asked = Array.from({ length: 100 }, () => outcome(consent.ask(requestOf('https://a.example'), never)));
    await answer('session');
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((each) => each === 'session')).toHaveLength(1);
    expect(outcomes.filter((each) => each === 'again')).toHaveLength(99);
    expect(opened).toBe(1);
  });

  it('asks about two sites one after the other', async () => {
    const first = outcome(consent.ask(requestOf('https://a.example'), never));
    const second = outcome(consent.ask(requestOf('https://b.example'), never));
    const shownFirst = await answer('always');
    expect(opened).toBe(1);
    const shownSecond = await shown(shownFirst);
    expect([shownFirst.origin, shownSecond.origin]).toEqual(['https://a.example', 'https://b.example']);
    await answer('deny');
    expect([await first, await second]).toEqual(['always', 'denied']);
    expect(opened).toBe(2);
  });

  it('gives "once" to the call that was shown, already spent, and to nobody else', async () => {
    const owner = consent.ask(requestOf('https://a.example'), never);
    const other = outcome(consent.ask(requestOf('https://a.example'), never));
    await answer('once');
    const grant = await owner;
    expect(grant?.decision).toBe('once');
    expect(await other).toBe('again');
    expect(await findGrants({ origin: 'https://a.example' })).toEqual([]);
    expect(await takeOnce(grant?.id ?? '')).toBe(false);
  });

  it('leaves "once" unspent when only access was asked for', async () => {
    const asked = consent.ask(requestOf('https://a.example', { asksAccessOnly: true }), never);
    await answer('once');
    const grant = await asked;
    expect(await takeOnce(grant?.id ?? '')).toBe(true);
  });

  it('grants the model that the user picked instead, and only one that was offered', async () => {
    const asked = consent.ask(requestOf('https://a.example'), never);
    const { id, nonce } = await shown();
    const foreign = consent.decide({ id, nonce, decision: 'always', choice: { connectionId: 'c', model: 'three' } });
    await expect(foreign).rejects.toMatchObject({ code: 'bad-request' });
    await answer('always', { choice: { connectionId: 'c', model: 'two' }, limits: { tokensPerDay: 5 } });
    expect(await asked).toMatchObject({ models: [{ model: 'two', revision: 3 }], limits: { tokensPerDay: 5 } });
  });

  it('grants no more abilities than were shown, and fewer where the user leaves some out', async () => {
    const asked = consent.ask(requestOf('https://a.example'), never);
    await answer('always', { abilities: ['chat', 'tools', 'images'] });
    expect(await asked).toMatchObject({ abilities: ['chat'], source: 'prompt', rules: { whenHidden: 'slow' } });
  });

  it('names the page around a frame, and grants to the frame inside it alone', async () => {
    const asked = consent.ask(requestOf('https://widget.example', { topOrigin: 'https://shop.example' }), never);
    expect(await answer('always')).toMatchObject({ origin: 'https://widget.example', topOrigin: 'https://shop.example' });
    await asked;
    expect(await findGrants({ origin: 'https://widget.example' })).toEqual([]);
    expect(await findGrants({ origin: 'https://widget.example', topOrigin: 'https://shop.example' })).toHaveLength(1);
  });

  it('of a private window is written nowhere that stays', async () => {
    const asked = consent.ask(requestOf('https://secret.example', { isPrivate: true }), never);
    await answer('always');
    expect(await asked).toMatchObject({ decision: 'always', isPrivate: true });
    expect(JSON.stringify(await fakeBrowser.storage.local.get(null))).not.toContain('secret.example');
  });

  it('with nothing connected comes back once the user has connected a model', async () => {
    const connecting = Promise.withResolvers<void>();
    let isConnected = false;
    const asked = consent.ask(
      requestOf('https://a.example', {
        describe: async () => (isConnected ? { content, revisions: { c: 3 } } : unconnected),
        untilConnected: () => connecting.promise,
      }),
      never,
    );
    await answer('once');
    await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
    // Others are asked about meanwhile, and the site itself joins what waits.
    const other = outcome(consent.ask(requestOf('https://b.example'), never));
    await answer('deny');
    expect(await other).toBe('denied');
    isConnected = true;
    connecting.resolve();
    await answer('always');
    expect(await asked).toMatchObject({ origin: 'https://a.example', models: [{ connectionId: 'c', model: content.model, revision: 3 }] });
  });

  it('with nothing connected is forgotten with its page, told when nobody connects anything, and a no is a no', async () => {
    const unasked = () => requestOf('https://a.example', { describe: async () => unconnected });
    const page = new AbortController();
    const left = outcome(consent.ask(unasked(), page.signal));
    await answer('once');
    await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
    page.abort();
    expect(await left).toBe('aborted');
    const late = { ...unasked(), untilConnected: () => Promise.reject(new Error('too long')) };
    const asked = outcome(consent.ask(late, never));
    await answer('once');
    expect(await asked).toBe('not-configured');
    expect(await findGrant('https://a.example')).toBeUndefined();
    const refused = outcome(consent.ask(unasked(), never));
    await answer('deny');
    expect(await refused).toBe('denied');
  });

  it('keeps ten sites waiting and lists the others for the popup', async () => {
    const asked = Array.from({ length: 12 }, (_, n) => outcome(consent.ask(requestOf(`https://a${n}.example`, { tabId: n }), never)));
    expect(await Promise.race(asked)).toBe('needs-user');
    expect(await listAsking()).toMatchObject([{ origin: 'https://a11.example', abilities: ['chat'] }]);
  });

  it('remembers a block and denies', async () => {
    const asked = outcome(consent.ask(requestOf('https://a.example'), never));
    await answer('block');
    expect(await asked).toBe('denied');
    expect(await findGrant('https://a.example')).toMatchObject({ decision: 'block' });
  });

  it.each([
    ['another id', (question: ConsentQuestion) => ({ id: 'other', nonce: question.nonce })],
    ['another nonce', (question: ConsentQuestion) => ({ id: question.id, nonce: 'other' })],
  ])('ignores an answer with %s', async (_, forged) => {
    const asked = outcome(consent.ask(requestOf('https://a.example'), never));
    const question = await shown();
    await expect(consent.decide({ ...forged(question), decision: 'always' })).rejects.toMatchObject({ code: 'bad-request' });
    expect(await findGrant('https://a.example')).toBeUndefined();
    await answer('deny');
    expect(await asked).toBe('denied');
  });

  it('ignores an answer to a question whose words were changed while it was shown', async () => {
    const asked = outcome(consent.ask(requestOf('https://a.example'), never));
    const question = await shown();
    const stored = { v: 1, value: { ...question, promptPreview: 'Something harmless' } };
    await fakeBrowser.storage.session.set({ question: stored });
    await expect(consent.decide({ id: question.id, nonce: question.nonce, decision: 'always' })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await fakeBrowser.storage.session.set({ question: { v: 1, value: question } });
    await answer('deny');
    expect(await asked).toBe('denied');
  });

  it('is answered once: the second answer is refused', async () => {
    const asked = consent.ask(requestOf('https://a.example'), never);
    const { id, nonce } = await shown();
    const answers = await Promise.allSettled(
      ['session', 'always'].map((decision) => consent.decide({ id, nonce, decision: decision as 'session' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await asked;
  });

  it('takes a closed window for a no', async () => {
    const asked = outcome(consent.ask(requestOf('https://a.example'), never));
    await shown();
    await vi.waitFor(() => expect(opened).toBe(1));
    await fakeBrowser.windows.onRemoved.trigger(1);
    expect(await asked).toBe('denied');
    expect(await findGrant('https://a.example')).toBeUndefined();
  });

  it('takes two minutes without an answer for a no', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    const asked = outcome(consent.ask(requestOf('https://a.example'), never));
    await shown();
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
    await vi.advanceTimersByTimeAsync(120_001);
    expect(await asked).toBe('denied');
  });

  it('withdraws the question when the page that asked is gone, and lets the other calls ask', async () => {
    const page = new AbortController();
    const owner = outcome(consent.ask(requestOf('https://a.example'), page.signal));
    const other = outcome(consent.ask(requestOf('https://a.example'), never));
    await shown();
    page.abort();
    expect(await owner).toBe('aborted');
    expect(await other).toBe('again');
    await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
    await vi.waitFor(() => expect(fakeBrowser.windows.remove).toHaveBeenCalledWith(1));
  });

  it('keeps the question when one of the calls that wait goes away', async () => {
    const page = new AbortController();
    const owner = outcome(consent.ask(requestOf('https://a.example'), never));
    const other = outcome(consent.ask(requestOf('https://a.example'), page.signal));
    await shown();
    page.abort();
    expect(await other).toBe('aborted');
    await answer('always');
    expect(await owner).toBe('always');
  });

  it('opens no window for a page that nobody clicked, and lists it for the popup', async () => {
    expect(await outcome(consent.ask(requestOf('https://a.example', { isActive: () => false, tabId: 7 }), never))).toBe('needs-user');
    expect(opened).toBe(0);
    expect(await listAsking()).toMatchObject([{ origin: 'https://a.example', tabId: 7 }]);
    const asked = consent.ask(requestOf('https://a.example'), never);
    await answer('always');
    await asked;
    expect(await listAsking()).toEqual([]);
  });

  it.each([true, false])('is settled by what the user does elsewhere (access only: %s)', async (asksAccessOnly) => {
    const asked = outcome(consent.ask(requestOf('https://a.example', { asksAccessOnly }), never));
    await shown();
    await setGrant({ origin: 'https://other.example' });
    expect(await getQuestion()).toBeDefined();
    await setGrant({ origin: 'https://a.example', decision: 'session' });
    expect(await asked).toBe('again');
    await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
  });

  it('uses a tab where the browser has no windows', async () => {
    vi.mocked(fakeBrowser.windows.create).mockRejectedValue(new Error('not here'));
    const create = vi.spyOn(fakeBrowser.tabs, 'create').mockResolvedValue({ id: 77 } as never);
    const asked = outcome(consent.ask(requestOf('https://a.example'), never));
    await shown();
    await vi.waitFor(() => expect(create).toHaveBeenCalled());
    await fakeBrowser.tabs.onRemoved.trigger(77, {} as never);
    expect(await asked).toBe('denied');
  });

  it('says so when a question cannot be made', async () => {
    const asked = outcome(consent.ask(requestOf('https://a.example', { describe: () => Promise.reject(new Error('no')) }), never));
    expect(await asked).toBe('internal');
    const next = outcome(consent.ask(requestOf('https://b.example'), never));
    await answer('session');
    expect(await next).toBe('session');
  });

  it('clears the question of a background that died', async () => {
    void consent.ask(requestOf('https://a.example'), never);
    const old = await shown();
    const seen: unknown[] = [];
    watchQuestion((question) => seen.push(question?.id));
    const next = createConsent();
    await vi.waitFor(() => expect(seen).toEqual([undefined]));
    await expect(next.decide({ id: old.id, nonce: old.nonce, decision: 'always' })).rejects.toMatchObject({ code: 'bad-request' });
  });

  describe('after a no', () => {
    const access = { asksAccessOnly: true };
    const denyOnce = async (origin: string, tabId = 1, after?: ConsentQuestion) => {
      const asked = outcome(consent.ask(requestOf(origin, { ...access, tabId }), never));
      await shown(after);
      const question = await answer('deny');
      expect(await asked).toBe('denied');
      await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
      return question;
    };

    it('a call does not ask again by itself, an explicit request does', async () => {
      const atOnce = consent
        .ask(requestOf('https://a.example'), never)
        .catch(() => outcome(consent.ask(requestOf('https://a.example'), never)));
      await shown();
      await answer('deny');
      expect(await atOnce).toBe('denied');
      expect(opened).toBe(1);
      await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
      const asked = outcome(consent.ask(requestOf('https://a.example', access), never));
      await answer('session');
      expect(await asked).toBe('session');
    });

    it('three times within thirty seconds, nobody asks for a minute, then ten, then a day', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      for (let n = 0; n < 3; n++) await denyOnce('https://a.example');
      for (const seconds of [60, 600, 86_400, 86_400]) {
        const refused = consent.ask(requestOf('https://a.example', access), never);
        await expect(refused).rejects.toMatchObject({ code: 'denied', retryAfterSeconds: seconds });
        // The background may die meanwhile: the throttle is in session storage.
        consent = createConsent();
        vi.setSystemTime(Date.now() + seconds * 1000);
        await denyOnce('https://a.example', 1);
      }
    });

    it('three times from one tab, whatever its origins, counts as one asker; another tab may ask', async () => {
      for (const name of ['a', 'b', 'c']) await denyOnce(`https://${name}.example`);
      expect(await outcome(consent.ask(requestOf('https://d.example', access), never))).toBe('denied');
      const asked = outcome(consent.ask(requestOf('https://d.example', { ...access, tabId: 2 }), never));
      await answer('session');
      expect(await asked).toBe('session');
    });

    it('fifty subdomains of one name in as many tabs ask three times in ten minutes', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      for (let n = 0; n < 3; n++) await denyOnce(`https://s${n}.shop.example`, n);
      for (let n = 3; n < 50; n++) {
        const refused = consent.ask(requestOf(`https://s${n}.shop.example`, { ...access, tabId: n }), never);
        await expect(refused).rejects.toMatchObject({ code: 'denied', retryAfterSeconds: 600 });
      }
      expect(opened).toBe(3);
      const neighbour = outcome(consent.ask(requestOf('https://other.example', { ...access, tabId: 99 }), never));
      await answer('session');
      expect(await neighbour).toBe('session');
      await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
      vi.setSystemTime(Date.now() + 600_001);
      await denyOnce('https://s9.shop.example', 9);
    });

    it('the neighbours that wait already are looked at again before they are shown', async () => {
      const asked = Array.from({ length: 8 }, (_, n) =>
        outcome(consent.ask(requestOf(`https://s${n}.shop.example`, { ...access, tabId: n }), never)),
      );
      for (let n = 0, last: ConsentQuestion | undefined; n < 3; n++) {
        await shown(last);
        last = await answer('deny');
      }
      expect(new Set(await Promise.all(asked))).toEqual(new Set(['denied']));
      expect(opened).toBe(3);
    });

    it('questions that the page takes back count for its name too', async () => {
      for (let n = 0; n < 3; n++) {
        const page = new AbortController();
        const asked = outcome(consent.ask(requestOf(`https://s${n}.shop.example`, { ...access, tabId: n }), page.signal));
        await shown();
        page.abort();
        expect(await asked).toBe('aborted');
        await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
      }
      await vi.waitFor(async () =>
        expect(
          await outcome(consent.ask(requestOf('https://s9.shop.example', { ...access, tabId: 9, isActive: () => false }), never)),
        ).toBe('denied'),
      );
    });

    it('[C-18] a site whose questions flash up and go has to wait after three of them', async () => {
      const flash = async () => {
        const page = new AbortController();
        const asked = outcome(consent.ask(requestOf('https://a.example', access), page.signal));
        await Promise.race([asked, shown()]);
        page.abort();
        await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
        return await asked;
      };
      vi.useFakeTimers({ toFake: ['Date'] });
      for (let n = 0; n < 3; n++) expect(await flash()).toBe('aborted');
      expect(await flash()).toBe('denied');
      expect(opened).toBe(3);
      vi.setSystemTime(Date.now() + 61_000);
      expect(await flash()).toBe('aborted');
      expect(opened).toBe(4);
    });

    it('a yes forgives', async () => {
      await denyOnce('https://a.example');
      await denyOnce('https://a.example');
      const asked = outcome(consent.ask(requestOf('https://a.example', access), never));
      await answer('once');
      await asked;
      await vi.waitFor(async () => expect(await getQuestion()).toBeUndefined());
      await denyOnce('https://a.example');
      await denyOnce('https://a.example');
      expect(opened).toBe(5);
    });
  });
});
