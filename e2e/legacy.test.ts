import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from './bundle.ts';
import { answerConsent } from './consent.ts';
import { browsers } from './harness.ts';
import { answerPieces, answerText, openPage, openScene, type Scene } from './scene.ts';

/** The package of those days, as a page bundles it. */
const helpers = `
import * as windowAi from 'window.ai';
window.windowAi = windowAi;
`;

/** A page as they were written then: it waits for the extension, shows the model, and streams into the page. */
const app = `
import { getWindowAI, parseModelID } from 'window.ai';

const show = (id, text) => (document.getElementById(id).textContent = text);
let temperature = 0.7;

async function start() {
  const ai = await getWindowAI();
  show('domain', ai.__window_ai_metadata__.domain);
  ai.addEventListener((event, data) => show('event', event + ' ' + (data.model ?? data)));
  const model = await ai.getCurrentModel();
  // It looks into the name without looking whether there is one.
  if (model.includes('claude') && temperature > 1) temperature = 1;
  show('model', model);
  document.getElementById('ask').onclick = ask;
}

async function ask() {
  let streamed = '';
  const messages = [
    { role: 'system', content: 'You are brief.' },
    { role: 'user', content: 'Hello' },
  ];
  try {
    const [result] = await window.ai.generateText({ messages }, {
      temperature,
      maxTokens: 200,
      model: parseModelID('openai/gpt4'),
      onStreamResult(result, error) {
        if (error) return show('failed', error);
        streamed += result.message.content;
        show('streamed', streamed);
      },
    });
    show('answer', result.message.content);
    show('model', await window.ai.getCurrentModel());
  } catch (error) {
    show('answer', 'error: ' + error);
  }
}

start();
`;

const page = (script: string) =>
  `<!doctype html><meta charset="utf-8"><title>2023</title><button id="ask">Ask</button>${[
    'domain',
    'model',
    'event',
    'streamed',
    'answer',
    'failed',
  ]
    .map((id) => `<p id="${id}"></p>`)
    .join('')}<script type="module" src="${script}"></script>`;

/** What is used of the package. Its own types say what `window.ai` is on every page of this project. */
interface OldPackage {
  ErrorCode: { PermissionDenied: string };
  getWindowAI(): Promise<OldAI>;
  hasWindowAI(): boolean;
  isKnownError(error: string): boolean;
  isMessageOutput(output: unknown): boolean;
  isTextOutput(output: unknown): boolean;
  waitForWindowAI(): Promise<void>;
}

interface OldAI {
  generateText(
    input: { prompt?: string; messages?: { role: string; content: string }[] },
    options?: { numOutputs?: number; onStreamResult?(result: unknown): void },
  ): Promise<unknown[]>;
  getCompletion(input: { prompt: string }): Promise<unknown>;
  getCurrentModel(): Promise<string>;
  BETA_updateModelProvider(metadata: { baseUrl: string }): Promise<unknown>;
  BETA_generate3DObject(input: { prompt: string }): Promise<unknown>;
}

declare global {
  interface Window {
    windowAi: OldPackage;
  }
}

describe.each(browsers)('the old Window AI, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    const routes = {
      '/app': page('/app.js'),
      '/helpers': page('/helpers.js'),
      '/app.js': { type: 'text/javascript', body: await bundle(app) },
      '/helpers.js': { type: 'text/javascript', body: await bundle(helpers) },
    };
    scene = await openScene(name, { routes });
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  it('asks the user at the first call, then streams into a page of those days', async () => {
    const page = await openPage(scene, '/app');
    const textOf = (id: string) => page.$eval(`#${id}`, (element) => element.textContent);
    const has = (id: string, text: string) =>
      page.waitForFunction((id, text) => document.getElementById(id)?.textContent === text, { timeout: 10_000 }, id, text);
    await has('model', 'default');
    expect(await textOf('domain')).toBe('https://windowai.io');
    await page.click('#ask');
    await answerConsent(scene.stage, 'always');
    await has('answer', answerText);
    expect(await textOf('streamed')).toBe(answerText);
    // The model of then is gone; the user's own answers, and is named from now on.
    await has('model', '/models/tiny-instruct-q4.gguf');
    expect(scene.server.requests.at(-1)?.body).toMatchObject({ temperature: 0.7, max_tokens: 200, model: '/models/tiny-instruct-q4.gguf' });

    scene.server.scenario = { failure: 'unauthorized' };
    await page.click('#ask');
    await has('answer', 'error: NOT_AUTHENTICATED');
    expect([await textOf('failed'), await textOf('event')]).toEqual(['NOT_AUTHENTICATED', 'error NOT_AUTHENTICATED']);
    await page.close();
  });

  it('is what the package of those days looks for', async () => {
    scene.server.scenario = { tokens: answerPieces, tokenDelayMs: 20 };
    const page = await openPage(scene, '/helpers');
    await page.waitForFunction(() => window.windowAi);
    const got = await page.evaluate(async () => {
      const { ErrorCode, getWindowAI, hasWindowAI, isKnownError, isMessageOutput, isTextOutput, waitForWindowAI } = window.windowAi;
      await waitForWindowAI();
      const ai = await getWindowAI();
      const parts: string[] = [];
      const [text] = await ai.generateText(
        { prompt: 'Hello' },
        { onStreamResult: (result) => void parts.push((result as { text: string }).text) },
      );
      const [message] = await ai.generateText({ messages: [{ role: 'user', content: 'Hello' }] });
      const two = await ai.generateText({ prompt: 'Hello' }, { numOutputs: 2 });
      const one = (await ai.getCompletion({ prompt: 'Hello' })) as { text: string };
      const refused = await ai.BETA_updateModelProvider({ baseUrl: 'https://a.example' }).catch((error: unknown) => error);
      const wrong = await ai.generateText({}).catch((error: unknown) => error);
      return {
        isOurs: hasWindowAI() && (ai as unknown) === window.ai,
        kinds: [isTextOutput(text), isMessageOutput(message)],
        streamed: parts.join(''),
        isPiecemeal: parts.length > 1,
        two: two.length,
        one: one.text,
        refused: isKnownError(refused as string) && refused === ErrorCode.PermissionDenied,
        three: typeof (await ai.BETA_generate3DObject({ prompt: 'A chair' }).catch((error: unknown) => error)),
        wrong: wrong instanceof Error && wrong.message,
      };
    });
    expect(got).toEqual({
      isOurs: true,
      kinds: [true, true],
      streamed: answerText,
      isPiecemeal: true,
      two: 2,
      one: answerText,
      refused: true,
      three: 'string',
      wrong: 'Invalid input',
    });
    await page.close();
  });

  it('rejects with PERMISSION_DENIED where the user says no', async () => {
    const page = await openPage(scene, '/helpers', 'localhost');
    await page.waitForFunction(() => window.windowAi);
    await page.click('#ask');
    const refused = page.evaluate(() => (window.ai as unknown as OldAI).generateText({ prompt: 'Hello' }).catch((error) => error));
    await answerConsent(scene.stage, 'deny');
    expect(await refused).toBe('PERMISSION_DENIED');
    expect(await page.evaluate(() => (window.ai as unknown as OldAI).getCurrentModel())).toBe('default');
    await page.close();
  });
});
