import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browsers, until } from './harness.ts';
import { allow, answerText, ask, openPage, openScene, type Scene } from './scene.ts';
import { plainPage } from './site.ts';

/** Calls while the document is still being parsed, before anything else of the page. */
const early = `<!doctype html><title>Early</title><script>
  window.early = window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Early' }] })
    .then((answer) => answer.choices[0].message.content, (error) => error.code);
</script><button id="ask">Ask</button>`;

/** Has taken every name and replaced what an extension would lean on. */
const hostile = `<!doctype html><title>Hostile</title><button id="ask">Ask</button><script>
  const seen = window.seen = [];
  for (const name of ['then', 'catch', 'finally']) {
    const original = Promise.prototype[name];
    Promise.prototype[name] = function (...given) { return original.apply(this, given); };
  }
  Object.defineProperty(Object.prototype, 'signal', { get() { return undefined; }, set(value) { seen.push(['signal', String(value)]); }, configurable: true });
  Object.defineProperty(Object.prototype, 'apiKey', { get() { return undefined; }, set(value) { seen.push(['apiKey', String(value)]); }, configurable: true });
  JSON.stringify = (value) => { seen.push(['stringify', String(value)]); return '{}'; };
  Map.prototype.get = () => { seen.push(['get']); return undefined; };
  MessagePort.prototype.postMessage = (value) => { seen.push(['postMessage', value]); };
  EventTarget.prototype.addEventListener = (type) => { seen.push(['addEventListener', type]); };
</script>`;

const strictHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'none'; connect-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'; report-uri /reports",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'permissions-policy': 'geolocation=(), camera=()',
};

describe.each(browsers)('a page that attacks, in %s', (name) => {
  let scene: Scene;
  const reports: string[] = [];
  beforeAll(async () => {
    scene = await openScene(name, {
      routes: {
        '/early': early,
        '/hostile': hostile,
        '/strict': { type: 'text/html', body: '<!doctype html><title>Strict</title><button id="ask">Ask</button>', headers: strictHeaders },
        '/sandboxed': { type: 'text/html', body: early, headers: { 'content-security-policy': 'sandbox allow-scripts' } },
        '/reports': async (request: IncomingMessage, response: ServerResponse) => {
          let body = '';
          for await (const piece of request) body += String(piece);
          // Firefox looks for a picture of the site by itself, and reports that the policy stopped it.
          if (!body.includes('favicon.ico')) reports.push(body);
          response.writeHead(204).end();
        },
        '/x.xml': { type: 'application/xml', body: '<?xml version="1.0"?><a><b/></a>' },
        '/x.svg': { type: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>' },
        '/x.json': { type: 'application/json', body: '{"a":1}' },
        '/x.txt': { type: 'text/plain', body: 'Plain' },
        '/sound': { type: 'text/html', body: plainPage },
      },
    });
    await allow(scene, scene.site.origin());
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  it('finds no way to the extension in the event of the moment, where others could be listened to', async () => {
    const page = await openPage(scene);
    const seen = await page.evaluate(async () => {
      const events: (Event | undefined)[] = [];
      const look = () => void events.push(window.event);
      Object.defineProperty(Object.prototype, 'then', { get: look, configurable: true });
      await window.ai.permissions.query();
      look();
      delete (Object.prototype as { then?: unknown }).then;
      const heard: unknown[] = [];
      for (const event of events)
        for (const type of ['call', 'reply', 'message'])
          event?.target?.addEventListener(type, (reply) => heard.push((reply as MessageEvent).data));
      await window.ai.permissions.query();
      return {
        looks: events.length,
        told: [...events.map((event) => (event as MessageEvent | undefined)?.data), ...heard].filter(Boolean),
      };
    });
    expect(seen.told).toEqual([]);
    expect(seen.looks).toBeGreaterThan(1);
  });

  it('[A-1] [A-2] [A-3] [A-4] gets nowhere with messages on its window, forged ones among them', async () => {
    const page = await openPage(scene);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.evaluate(() => {
      const call = { type: 'call', id: 1, method: 'chat', params: {} };
      const values = [
        null,
        1,
        'x',
        [],
        new Map([[1, 2]]),
        new ArrayBuffer(8),
        [[[call]]],
        call,
        JSON.stringify(call),
        { type: '__proto__' },
        { type: 'constructor' },
        'x'.repeat(1_000_000),
      ];
      for (const value of values) {
        window.postMessage(value, '*');
        for (const type of ['message', 'switchboard:port', '__proto__']) {
          const forged = new MessageEvent(type, {
            data: value,
            source: window,
            origin: 'https://victim.example',
            ports: [new MessageChannel().port1],
          });
          Object.defineProperty(forged, 'source', { value: window });
          Object.defineProperty(forged, 'origin', { value: 'https://victim.example' });
          window.dispatchEvent(forged);
        }
      }
    });
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(scene.server.requests.filter(({ path }) => path.endsWith('/chat/completions'))).toEqual([]);
    expect(errors).toEqual([]);
    expect(await ask(page, 'Still there?')).toMatchObject({ text: answerText });
    await page.close();
  });

  it('[A-5] [A-6] lets neither a child frame nor a window it opened speak for it', async () => {
    const page = await openPage(scene);
    await page.evaluate(() => {
      const call = JSON.stringify({
        type: 'call',
        id: 1,
        method: 'chat',
        params: { messages: [{ role: 'user', content: 'From a child' }] },
      });
      for (const sandbox of [undefined, 'allow-scripts']) {
        const frame = document.createElement('iframe');
        if (sandbox) frame.setAttribute('sandbox', sandbox);
        frame.srcdoc = `<script>for (const value of [${JSON.stringify(call)}, ${call}]) parent.postMessage(value, '*')</scr${''}ipt>`;
        document.body.append(frame);
      }
      const child = window.open('about:blank');
      child?.opener.postMessage(call, '*');
      child?.close();
    });
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
    expect(scene.server.requests.filter(({ path }) => path.endsWith('/chat/completions'))).toEqual([]);
    await page.close();
  });

  it('[A-37] is answered once when it calls before the document is parsed', async () => {
    const page = await scene.stage.newPage(scene.site.url('/early'));
    expect(await page.evaluate(() => (window as unknown as { early: Promise<string> }).early)).toBe(answerText);
    expect(scene.server.requests.filter(({ path }) => path.endsWith('/chat/completions'))).toHaveLength(1);
    await page.close();
  });

  it('[A-31] [A-32] hears nothing through what it has replaced, and the API works or fails closed', async () => {
    const page = await scene.stage.newPage(scene.site.url('/hostile'));
    await page.click('#ask');
    const { answer, seen } = await page.evaluate(async () => {
      const answer = await window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Hello' }] }).then(
        (value) => value.choices[0]?.message.content,
        (error) => error.code,
      );
      return { answer, seen: (window as unknown as { seen: unknown[] }).seen };
    });
    expect(answer).toBe(answerText);
    expect(seen).toEqual([]);
    await page.close();
  });

  it('[A-33] [H-8] finds no address of the extension in functions, errors, performance entries or the document', async () => {
    const page = await openPage(scene, '/', 'stranger.localhost');
    const found = await page.evaluate(async () => {
      const texts: string[] = [document.documentElement.outerHTML];
      const visit = (value: unknown, depth: number): void => {
        if ((typeof value !== 'object' && typeof value !== 'function') || value === null || depth > 4) return;
        if (typeof value === 'function') texts.push(Function.prototype.toString.call(value));
        for (const key of Reflect.ownKeys(value)) {
          const inner = Object.getOwnPropertyDescriptor(value, key)?.value;
          texts.push(String(key), typeof inner === 'string' ? inner : '');
          if (key !== 'constructor') visit(inner, depth + 1);
        }
      };
      visit(window.ai, 0);
      for (const ask of [
        () => window.ai.chat.completions.create({ messages: 1 as never }),
        () => window.ai.chat.completions.create({ messages: [] }),
      ]) {
        const error = (await ask().catch((thrown: unknown) => thrown)) as Error;
        texts.push(String(error), error.message, String(error.stack), error.name);
      }
      texts.push(JSON.stringify(performance.getEntries()));
      return texts.join('\n');
    });
    expect(found).not.toMatch(/(chrome|moz)-extension:/);
    expect(found).not.toContain(String(scene.server.port));
    await page.close();
  });

  it('[A-34] with the strictest policies gets its answer and reports no violation', async () => {
    const page = await scene.stage.newPage(scene.site.url('/strict'));
    await page.click('#ask');
    expect(await ask(page, 'Strictly')).toMatchObject({ text: answerText });
    expect(reports).toEqual([]);
    await page.close();
  });

  it.each(['/x.xml', '/x.svg', '/x.json', '/x.txt'])('[A-35] that is no HTML (%s) is left as it is', async (path) => {
    const page = await scene.stage.browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(scene.site.url(path));
    expect(await page.evaluate(() => document.documentElement?.outerHTML ?? '')).not.toMatch(/switchboard/i);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('[A-36] finds the API in a frame it has only just made, whole or not at all', async () => {
    const page = await openPage(scene);
    const got = await page.evaluate(async () => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const inner = frame.contentWindow as unknown as typeof window;
      if (!('ai' in inner)) return 'absent';
      return await inner.ai.models.list().then(
        (list) => typeof list,
        (error: { code?: string }) => `refused ${error.code}`,
      );
    });
    expect(got).toMatch(/^(absent|object|refused [a-z-]+)$/);
    await page.close();
  });

  it('[B-2] [B-4] is nobody where its document is sandboxed, and itself in a blob document of its own', async () => {
    const page = await scene.stage.newPage(scene.site.url('/sandboxed'));
    expect(await page.evaluate(() => (window as unknown as { early?: Promise<string> }).early ?? 'no ai')).toMatch(
      /^(unsupported-context|no ai)$/,
    );
    await page.goto(scene.site.url('/'));
    await page.click('#ask');
    const outcome = await page.evaluate(
      (source) =>
        new Promise((resolve) => {
          addEventListener('message', ({ data }) => resolve(data), { once: true });
          const frame = document.createElement('iframe');
          frame.src = URL.createObjectURL(
            new Blob(
              [`${source}<script>Promise.resolve(window.early ?? 'no ai').then((said) => parent.postMessage(said, '*'))</scr${''}ipt>`],
              { type: 'text/html' },
            ),
          );
          document.body.append(frame);
        }),
      early,
    );
    expect([answerText, 'unsupported-context', 'no ai']).toContain(outcome);
    await page.close();
  });

  it('[C-6] cannot put a page of the extension into a frame, nor open one, nor load a file of it', async () => {
    const page = await openPage(scene);
    const got = await page.evaluate(async (own) => {
      const loads = ['/consent.html', '/popup.html', '/icon/16.png', '/page.js'].map(async (path) => {
        const fetched = await fetch(own + path).then(
          () => true,
          () => false,
        );
        const shown = await new Promise((resolve) => {
          const frame = document.createElement('iframe');
          frame.src = own + path;
          frame.onload = () => {
            try {
              resolve((frame.contentDocument?.body?.innerText ?? '') !== '');
            } catch {
              resolve(false);
            }
          };
          document.body.append(frame);
          setTimeout(() => resolve(false), 1_000);
        });
        return fetched || shown;
      });
      return await Promise.all(loads);
    }, scene.stage.extensionOrigin);
    expect(got).toEqual([false, false, false, false]);
    await page.close();
  });

  it('[C-7] a consent page opened by its address, or again later, can approve nothing', async () => {
    const consent = await scene.stage.openExtensionPage('/consent.html?id=1');
    await until(() => consent.evaluate(() => (document.body.textContent ?? '').trim().length > 10), 'the page to say something');
    expect(await consent.$('[data-decision="always"]')).toBeNull();
    await consent.close();
  });

  it('[G-10] whose frame is taken away in the middle of an answer stops the server within a second', async () => {
    const page = await openPage(scene);
    scene.server.next({ endless: true, tokenDelayMs: 20 });
    await page.evaluate(() => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.id = 'asker';
      frame.srcdoc = `<script>window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Go on' }], stream: true }).then(async (s) => { for await (const _ of s); })</scr${''}ipt>`;
    });
    await until(
      () =>
        scene.server.activeRequests > 0 &&
        scene.server.requests.some(({ path, outcome }) => path.endsWith('/chat/completions') && outcome === 'open'),
      'the answer to begin',
    );
    await page.evaluate(() => document.querySelector('#asker')?.remove());
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 1_500);
    await page.close();
  });
});
