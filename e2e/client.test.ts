import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientName } from '../scripts/build-client.ts';
import { type Consumer, packClient } from '../scripts/pack-client.ts';
import { bundle } from './bundle.ts';
import { browsers, until } from './harness.ts';
import { allow, answerText, openPage, openScene, type Scene } from './scene.ts';

/** A page's own bundle: the packed client by its name, and both versions of the AI SDK. */
const code = `
import * as six from 'ai';
import * as seven from 'ai7';
import { createAIStore, createSwitchboard, getAI } from '${clientName}';
globalThis.AI_SDK_LOG_WARNINGS = false;
window.client = { sdks: { six, seven }, createAIStore, createSwitchboard, getAI };
`;

declare global {
  interface Window {
    client: {
      sdks: { six: typeof import('ai'); seven: typeof import('ai') };
      createSwitchboard: typeof import('../lib/client/index.ts').createSwitchboard;
      createAIStore: typeof import('../lib/client/index.ts').createAIStore;
      getAI: typeof import('../lib/client/index.ts').getAI;
    };
  }
}

const versions = ['six', 'seven'] as const;

describe.each(browsers)('the client package in a page, in %s', (name) => {
  let consumer: Consumer;
  let scene: Scene;
  beforeAll(async () => {
    consumer = packClient(['ai', 'ai7']);
    const routes = {
      '/app': '<!doctype html><title>App</title><button id="ask">Ask</button><script type="module" src="/app.js"></script>',
      '/app.js': { type: 'text/javascript', body: await bundle(code, consumer.folder) },
    };
    scene = await openScene(name, { routes });
    await allow(scene, scene.site.origin());
  });
  afterAll(async () => {
    await scene?.close();
    consumer?.remove();
  });

  it('finds the provider by its announcement, and tells a store what it may do', async () => {
    const page = await openPage(scene, '/app');
    await page.waitForFunction(() => window.client);
    const got = await page.evaluate(async () => {
      const found = await window.client.getAI();
      const store = window.client.createAIStore();
      const ready = new Promise<void>((resolve) => {
        const stop = store.subscribe(() => {
          if (store.get().status !== 'ready') return;
          stop();
          resolve();
        });
      });
      await ready;
      const state = store.get();
      return { isSame: found === window.ai, access: state.status === 'ready' && state.access.state };
    });
    expect(got).toEqual({ isSame: true, access: 'granted' });
    await page.close();
  });

  it.each(versions)('answers generateText and streamText of the AI SDK %s', async (version) => {
    const page = await openPage(scene, '/app');
    await page.waitForFunction(() => window.client);
    const got = await page.evaluate(async (version) => {
      const { generateText, streamText } = window.client.sdks[version];
      const model = window.client.createSwitchboard()();
      const whole = await generateText({ model, prompt: 'Hello' });
      const result = streamText({ model, prompt: 'Hello' });
      let streamed = '';
      for await (const delta of result.textStream) streamed += delta;
      return { whole: whole.text, streamed, tokens: whole.usage.outputTokens, finish: await result.finishReason };
    }, version);
    expect(got).toEqual({ whole: answerText, streamed: answerText, tokens: expect.any(Number), finish: 'stop' });
    await page.close();
  });

  it.each(versions)('goes round with the tools of the AI SDK %s', async (version) => {
    const page = await openPage(scene, '/app');
    await page.waitForFunction(() => window.client);
    scene.server.reset();
    scene.server.scenario = { toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' }] };
    const call = await page.evaluate(async (version) => {
      const { generateText, jsonSchema, tool } = window.client.sdks[version];
      const inputSchema = jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] });
      const execute = async ({ city }: { city: string }) => `Rain in ${city}`;
      const model = window.client.createSwitchboard()();
      const result = await generateText({ model, prompt: 'Weather?', tools: { weather: tool({ inputSchema, execute }) } });
      return { input: result.toolCalls[0]?.input, output: result.toolResults[0]?.output };
    }, version);
    expect(call).toEqual({ input: { city: 'Oslo' }, output: 'Rain in Oslo' });
    scene.server.reset();
    await page.close();
  });

  it.each(versions)('stops the server when the AI SDK %s aborts', async (version) => {
    const page = await openPage(scene, '/app');
    await page.waitForFunction(() => window.client);
    scene.server.reset();
    scene.server.scenario = { endless: true, tokenDelayMs: 20 };
    await page.evaluate(async (version) => {
      const stop = new AbortController();
      const model = window.client.createSwitchboard()();
      const { textStream } = window.client.sdks[version].streamText({ model, prompt: 'Go on', abortSignal: stop.signal });
      for await (const _ of textStream) stop.abort();
    }, version);
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 2000);
    scene.server.reset();
    await page.close();
  });

  it('has the SDK throw its own error with our code', async () => {
    const page = await openPage(scene, '/app');
    await page.waitForFunction(() => window.client);
    const error = await page.evaluate(async () => {
      const { APICallError, generateText } = window.client.sdks.six;
      const model = window.client.createSwitchboard()('no-such-model');
      const thrown = await generateText({ model, prompt: 'Hello' }).catch((error: unknown) => error);
      const { code, statusCode } = thrown as { code: string; statusCode: number };
      return { isOurs: APICallError.isInstance(thrown), code, statusCode };
    });
    expect(error).toEqual({ isOurs: true, code: 'model-not-found', statusCode: 404 });
    await page.close();
  });
});
