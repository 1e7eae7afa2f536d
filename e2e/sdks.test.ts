import type { Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scenario } from '../lib/testing/kit/scenario.ts';
import { bundle } from './bundle.ts';
import { browsers, until } from './harness.ts';
import { allow, answerText, openPage, openScene, type Scene } from './scene.ts';
import type { sdks } from './sdk-page/index.ts';
import type { Trial } from './sdk-page/trial.ts';

type Sdks = typeof sdks;

/** Where the answer is the emulator's own: a tool call where tools are offered, a value where a schema is given. */
const itsOwn: Scenario = {};
const some = expect.any(Number);
const own = expect.stringContaining('emulator');

describe.each(browsers)('the packages that pages bring, unchanged over ai.fetch, in %s', (name) => {
  let scene: Scene;
  let page: Page;

  /** Runs one trial of a package in the page (e2e/sdk-page). */
  async function attempt<Sdk extends keyof Sdks>(sdk: Sdk, trial: keyof Sdks[Sdk], scenario?: Scenario): Promise<unknown> {
    if (scenario) scene.server.scenario = scenario;
    return page.evaluate((sdk, trial) => (window.sdks[sdk] as Trial)[trial]?.(), sdk, trial as string);
  }

  /** The answer goes on and on, until the page has had enough. */
  async function abort(sdk: keyof Sdks): Promise<unknown> {
    const result = await attempt(sdk, 'abort', { endless: true, tokenDelayMs: 10 });
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 2000);
    return result;
  }

  /** How often the server was asked for an answer. */
  const asked = () => scene.server.requests.filter(({ path }) => path.endsWith('/completions')).length;

  beforeAll(async () => {
    const routes = {
      '/sdks': '<!doctype html><title>SDKs</title><button id="ask">Ask</button><script type="module" src="/sdks.js"></script>',
      '/sdks.js': { type: 'text/javascript', body: await bundle("import './e2e/sdk-page/index.ts'") },
    };
    scene = await openScene(name, { routes });
    await allow(scene, scene.site.origin());
    page = await openPage(scene, '/sdks');
    await page.waitForFunction(() => window.sdks);
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  it('find a fetch that takes what the platform’s takes, and answers as a server would', async () => {
    const got = await page.evaluate(async () => {
      const { fetch, baseURL } = window.ai;
      const url = `${baseURL}/chat/completions`;
      const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }] });
      const headers = { authorization: 'Bearer none', 'x-stainless-lang': 'js', 'content-type': 'application/json' };
      const form = new FormData();
      form.set('messages', 'Hello');
      const answers: [string, Promise<Response>][] = [
        ['url', fetch(new URL(url), { method: 'POST', body, headers })],
        ['request', fetch(new Request(url, { method: 'POST', body, headers }))],
        ['bytes', fetch(url, { method: 'POST', body: new TextEncoder().encode(body) })],
        ['blob', fetch(url, { method: 'POST', body: new Blob([body]) })],
        ['form', fetch(url, { method: 'POST', body: form })],
        ['head', fetch(`${baseURL}/models`, { method: 'HEAD' })],
        ['options', fetch(url, { method: 'OPTIONS' })],
        ['get', fetch(url)],
        ['unknown', fetch(`${baseURL}/images/generations`, { method: 'POST', body: '{}' })],
      ];
      const read = async ([name, answer]: (typeof answers)[number]) => {
        const response = await answer;
        const text = await response.text();
        const { error } = text === '' ? { error: undefined } : JSON.parse(text);
        return [name, [response.status, response.headers.get('allow'), error?.type ?? null]] as const;
      };
      return Object.fromEntries(await Promise.all(answers.map(read)));
    });
    const wrong = 'invalid_request_error';
    expect(got).toEqual({
      url: [200, null, null],
      request: [200, null, null],
      bytes: [200, null, null],
      blob: [200, null, null],
      form: [400, null, wrong],
      head: [405, 'GET', wrong],
      options: [405, 'POST', wrong],
      get: [405, 'POST', wrong],
      unknown: [404, null, wrong],
    });
    // Nothing of the page's headers leaves the browser.
    for (const { headers } of scene.server.requests)
      expect([headers.authorization, headers['x-stainless-lang']]).toEqual([undefined, undefined]);
  });

  describe('openai', () => {
    it('lists models, answers whole, streams, gives several answers and embeds', async () => {
      const { first, retrieved } = (await attempt('openai', 'models')) as { first: string; retrieved: string };
      expect(retrieved).toBe(first);
      expect(await attempt('openai', 'chat')).toEqual({ text: answerText, tokens: some, type: 'application/json' });
      expect(await attempt('openai', 'stream')).toEqual({ text: answerText, finish: 'stop', tokens: some, deltas: some });
      expect(await attempt('openai', 'several')).toEqual({
        texts: [answerText, answerText, answerText],
        whole: [
          [0, answerText],
          [1, answerText],
        ],
      });
      expect(await attempt('openai', 'completions')).toEqual([answerText, answerText]);
      expect(await attempt('openai', 'embeddings')).toEqual([true, true]);
    });

    it('runs tools and parses structured output', async () => {
      expect(await attempt('openai', 'tools', itsOwn)).toEqual({ text: own, asked: 1 });
      expect(await attempt('openai', 'streamedTools')).toEqual({ name: 'weather', isWhole: true, finish: 'tool_calls' });
      expect(await attempt('openai', 'parse')).toBe('number');
    });

    it('speaks the Responses API', async () => {
      expect(await attempt('openai', 'responses')).toEqual({
        whole: answerText,
        streamed: answerText,
        status: 'completed',
        tokens: some,
        events: [
          'response.created',
          'response.in_progress',
          'response.output_item.added',
          'response.content_part.added',
          'response.output_text.delta',
          'response.output_text.done',
          'response.content_part.done',
          'response.output_item.done',
          'response.completed',
        ],
      });
      expect(await attempt('openai', 'responsesTools', itsOwn)).toEqual({ name: 'weather', text: own });
      expect(await attempt('openai', 'responsesParse')).toBe('number');
    });

    it('stops the server when it aborts', async () => {
      expect(await abort('openai')).toBe(3);
    });

    it.each([
      [
        { failure: 'rate-limited', retryAfter: '120' },
        { kind: 'RateLimitError', status: 429, code: 'rate-limited', retryAfter: '120' },
      ],
      [{ failure: 'unauthorized' }, { kind: 'AuthenticationError', status: 401, code: 'unauthorized', retryAfter: null }],
      [{ failure: 'context-length' }, { kind: 'BadRequestError', status: 400, code: 'context-length', retryAfter: null }],
    ] as [Scenario, object][])('throws its own error classes, and does not try again: %j', async (scenario, error) => {
      expect(await attempt('openai', 'failure', scenario)).toEqual(error);
      expect(asked()).toBe(1);
    });
  });

  it('are refused by the same class where the user blocked the site', async () => {
    await allow(scene, scene.site.origin('localhost'), 'block');
    const blocked = await openPage(scene, '/sdks', 'localhost');
    await blocked.waitForFunction(() => window.sdks);
    const denied = { kind: 'PermissionDeniedError', status: 403, code: 'denied', retryAfter: null };
    expect(await blocked.evaluate(() => window.sdks.openai.failure())).toEqual(denied);
    expect(asked()).toBe(0);
    await blocked.close();
  });

  describe('@langchain/openai', () => {
    it('answers whole and in a stream, over chat completions and responses, and embeds', async () => {
      expect(await attempt('langchain', 'invoke')).toEqual({ text: answerText, tokens: some });
      expect(await attempt('langchain', 'stream')).toEqual({ text: answerText, isPiecemeal: true });
      expect(await attempt('langchain', 'responses')).toEqual({ text: answerText, streamed: answerText });
      expect(await attempt('langchain', 'embeddings')).toEqual([true, true, true]);
    });

    it('binds tools and gets structured output', async () => {
      expect(await attempt('langchain', 'tools', itsOwn)).toEqual({ called: ['weather'], text: own });
      expect(await attempt('langchain', 'structured')).toEqual(['number', 'number']);
    });

    it('stops the server when it aborts, and tells a refusal once', async () => {
      expect(await abort('langchain')).toMatch(/Abort/);
      scene.server.reset();
      expect(await attempt('langchain', 'failure', { failure: 'unauthorized' })).toEqual({ status: 401 });
      expect(asked()).toBe(1);
    });
  });

  describe.each(['ai6', 'ai7'] as const)('the AI SDK, %s', (sdk) => {
    it('generates, streams and embeds', async () => {
      expect(await attempt(sdk, 'generate')).toEqual({ text: answerText, tokens: some, finishReason: 'stop' });
      expect(await attempt(sdk, 'stream')).toEqual({ text: answerText, tokens: some });
      expect(await attempt(sdk, 'embeddings')).toEqual([true, true]);
    });

    it('loops over tools and gets structured output', async () => {
      expect(await attempt(sdk, 'tools', itsOwn)).toEqual({ text: own, called: ['weather'] });
      expect(await attempt(sdk, 'streamedTools')).toEqual({
        text: own,
        parts: ['tool-input-start', 'tool-input-delta', 'tool-call', 'tool-result'],
      });
      expect(await attempt(sdk, 'structured')).toEqual(['number', 'number']);
    });

    it('stops the server when it aborts, and tells a refusal once', async () => {
      await abort(sdk);
      scene.server.reset();
      expect(await attempt(sdk, 'failure', { failure: 'unauthorized' })).toEqual({ status: 401 });
      expect(asked()).toBe(1);
    });
  });

  describe('@browser-ai/core, over LanguageModel', () => {
    it('generates, streams and gets structured output', async () => {
      expect(await attempt('browserAi', 'generate')).toEqual({
        isSupported: true,
        availability: 'available',
        text: answerText,
        finishReason: 'stop',
      });
      expect(await attempt('browserAi', 'stream')).toBe(answerText);
      expect(await attempt('browserAi', 'structured', itsOwn)).toBe('number');
    });

    it('loops over tools, which it asks for in its own words', async () => {
      const call = '{"id":"call_1","name":"weather","arguments":{"city":"Oslo"}}';
      scene.server.next({ tokens: ['```tool_call\n', call, '\n```'] }, { tokens: ['Sun.'] });
      expect(await attempt('browserAi', 'tools')).toEqual({ text: 'Sun.', called: [['weather', { city: 'Oslo' }]] });
    });

    it('stops the server when it aborts', async () => {
      await abort('browserAi');
    });
  });
});
