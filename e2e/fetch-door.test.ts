import type OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from './bundle.ts';
import { browsers, until } from './harness.ts';
import { allow, answerText, openPage, openScene, type Scene } from './scene.ts';

/** The real package, as a page bundles it; the page keeps one client. */
const code = `
import OpenAI from 'openai';
window.openai = new OpenAI({ apiKey: 'none', baseURL: window.ai.baseURL, fetch: window.ai.fetch, dangerouslyAllowBrowser: true, maxRetries: 0 });
window.OpenAI = OpenAI;
`;

declare global {
  interface Window {
    openai: OpenAI;
    OpenAI: typeof OpenAI;
  }
}

describe.each(browsers)('the OpenAI package over ai.fetch, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    const routes = {
      '/sdk': '<!doctype html><title>SDK</title><button id="ask">Ask</button><script type="module" src="/sdk.js"></script>',
      '/sdk.js': { type: 'text/javascript', body: await bundle(code) },
    };
    scene = await openScene(name, { routes });
    await allow(scene, scene.site.origin());
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  it('lists models, answers whole and streams', async () => {
    const page = await openPage(scene, '/sdk');
    await page.waitForFunction(() => window.openai);
    const got = await page.evaluate(async () => {
      const models = await window.openai.models.list();
      const model = models.data[0]?.id ?? '';
      const messages = [{ role: 'user' as const, content: 'Hello' }];
      const whole = await window.openai.chat.completions.create({ model, messages });
      let streamed = '';
      for await (const chunk of await window.openai.chat.completions.create({ model: 'default', messages, stream: true })) {
        streamed += chunk.choices[0]?.delta.content ?? '';
      }
      return { models: models.data.length, whole: whole.choices[0]?.message.content, usage: whole.usage?.completion_tokens, streamed };
    });
    expect(got).toEqual({ models: expect.any(Number), whole: answerText, usage: expect.any(Number), streamed: answerText });
    expect(got.models).toBeGreaterThan(0);
    await page.close();
  });

  it('throws the package’s own error classes', async () => {
    const page = await openPage(scene, '/sdk');
    await page.waitForFunction(() => window.openai);
    scene.server.scenario = { failure: 'rate-limited', retryAfter: '120' };
    const limited = await page.evaluate(async () => {
      try {
        await window.openai.chat.completions.create({ model: 'default', messages: [{ role: 'user', content: 'Hello' }] });
        return undefined;
      } catch (error) {
        const { status, code, headers } = error as InstanceType<typeof OpenAI.APIError>;
        return { isOurs: error instanceof window.OpenAI.RateLimitError, status, code, retryAfter: headers?.get('retry-after') };
      }
    });
    expect(limited).toMatchObject({ isOurs: true, status: 429, retryAfter: '120' });
    await page.close();
  });

  it('stops the server when the package aborts', async () => {
    const page = await openPage(scene, '/sdk');
    await page.waitForFunction(() => window.openai);
    scene.server.scenario = { endless: true, tokenDelayMs: 20 };
    await page.evaluate(async () => {
      const stream = await window.openai.chat.completions.create({
        model: 'default',
        messages: [{ role: 'user', content: 'Go on' }],
        stream: true,
      });
      let count = 0;
      for await (const _ of stream) {
        count += 1;
        if (count === 3) stream.controller.abort();
      }
    });
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 2000);
    await page.close();
  });
});
