import type { Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerConsent } from './consent.ts';
import { browsers } from './harness.ts';
import { allow, openPage, openScene, type Scene } from './scene.ts';

/** The classes as the pages of these tests use them; called by name, because browsers may have types of their own. */
interface Task extends Record<string, (...given: unknown[]) => Promise<unknown>> {}
type Tasks = Record<string, { create(options?: unknown): Promise<Task>; availability(options?: unknown): Promise<string> }>;

/** A frame that says what it may do. */
const frame = `<!doctype html><script>
  onmessage = async ({ source }) => {
    const answers = [];
    for (const name of ['Summarizer', 'Writer', 'LanguageDetector']) answers.push(await globalThis[name].availability());
    source.postMessage(answers.join(' '), '*');
  };
</script>`;

const names = ['Summarizer', 'Writer', 'Rewriter', 'Translator', 'LanguageDetector', 'Proofreader'];

describe.each(browsers)('the task APIs, in %s', (name) => {
  let scene: Scene;
  let page: Page;
  beforeAll(async () => {
    scene = await openScene(name, { routes: { '/frame': frame } });
    page = await openPage(scene);
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  it('are there before any script of a page, and tell languages apart without a model or a question', async () => {
    const found = await page.evaluate(async (names) => {
      const tasks = globalThis as unknown as Tasks;
      const present = names.filter(
        (name) => Object.prototype.toString.call(Object.create(Object(tasks[name]).prototype)) === `[object ${name}]`,
      );
      const before = await tasks.Summarizer?.availability({ outputLanguage: 'en' });
      const availability = await tasks.LanguageDetector?.availability();
      const detector = await tasks.LanguageDetector?.create();
      const results = (await detector?.detect?.('Wo ist der Bahnhof, bitte? Ich habe es eilig.')) as { detectedLanguage: string }[];
      const rare = (await detector?.detect?.('Anfonwch yr adroddiad ataf cyn dydd Gwener.')) as { detectedLanguage: string }[];
      return { present, before, availability, results, rare, isList: Array.isArray(results) && results.constructor === Array };
    }, names);
    expect(found).toMatchObject({ present: names, before: 'downloadable', availability: 'available', isList: true });
    expect(found.results.map(({ detectedLanguage }) => detectedLanguage)).toEqual(['de', 'und']);
    // By WebAssembly, which the background has to be allowed.
    expect(found.rare[0]?.detectedLanguage).toBe('cy');
    expect(scene.server.requests).toEqual([]);
  });

  it('ask the user at first, and then answer on their model', async () => {
    scene.server.next({ tokens: ['Here is the summary:\n\n', '- It ', 'rains.\n', '- It pours.'] });
    const asking = page.evaluate(async () => {
      const loaded: number[] = [];
      const summarizer = await (globalThis as unknown as Tasks).Summarizer?.create({
        monitor: (monitor: EventTarget) =>
          monitor.addEventListener('downloadprogress', (event) => loaded.push((event as ProgressEvent).loaded)),
      });
      return { text: await summarizer?.summarize?.('It rains. It also pours, all day long, in the mountains.'), loaded };
    });
    await answerConsent(scene.stage, 'always');
    expect(await asking).toEqual({ text: '- It rains.\n- It pours.', loaded: [0, 1] });
    const asked = JSON.stringify(scene.server.requests.at(-1)?.body);
    expect(asked).toContain('at most 3 key points');
    expect(asked).toContain('It also pours');
  });

  it('stream real streams of the page', async () => {
    await allow(scene, scene.site.origin());
    scene.server.next({ tokens: ['Bon', 'jour ', 'le ', 'monde'], tokenDelayMs: 20 });
    const streamed = await page.evaluate(async () => {
      const translator = await (globalThis as unknown as Tasks).Translator?.create({ sourceLanguage: 'en', targetLanguage: 'fr' });
      const stream = translator?.translateStreaming?.(' Hello world\n') as unknown as ReadableStream<string>;
      const chunks: string[] = [];
      for await (const chunk of stream as unknown as AsyncIterable<string>) chunks.push(chunk);
      return { isReal: stream instanceof ReadableStream, text: chunks.join(''), count: chunks.length };
    });
    expect(streamed).toMatchObject({ isReal: true, text: ' Bonjour le monde\n' });
    expect(streamed.count).toBeGreaterThan(1);
  });

  it('correct a text, and say where and why', async () => {
    await allow(scene, scene.site.origin());
    const about = { corrections: [{ number: 1, types: ['spelling'], explanation: 'It has two o.' }] };
    scene.server.next({ tokens: ['Can you proofread 👋 this?'] }, { tokens: [JSON.stringify(about)] });
    const result = await page.evaluate(async () => {
      const options = { includeCorrectionTypes: true, includeCorrectionExplanations: true };
      const proofreader = await (globalThis as unknown as Tasks).Proofreader?.create(options);
      return proofreader?.proofread?.('Can you profread 👋 this?');
    });
    expect(result).toEqual({
      correctedInput: 'Can you proofread 👋 this?',
      corrections: [{ startIndex: 8, endIndex: 16, correction: 'proofread', types: ['spelling'], explanation: 'It has two o.' }],
    });
  });

  it('stop the server when they are destroyed', async () => {
    await allow(scene, scene.site.origin());
    scene.server.next({ endless: true, tokenDelayMs: 20 });
    const outcome = await page.evaluate(async () => {
      const writer = await (globalThis as unknown as Tasks).Writer?.create({ tone: 'casual' });
      const stream = writer?.writeStreaming?.('A letter') as unknown as ReadableStream<string>;
      const reader = stream.getReader();
      await reader.read();
      writer?.destroy?.();
      return await reader.read().catch((error: Error) => error.name);
    });
    expect(outcome).toBe('AbortError');
    await expect.poll(() => scene.server.aborted).toBe(1);
  });

  it('are each handed on to a frame of another origin by its own name', async () => {
    await allow(scene, scene.site.origin());
    await allow(scene, scene.site.origin('localhost'));
    const inFrame = (allowed: string) =>
      page.evaluate(
        (src, allowed) =>
          new Promise<unknown>((resolve) => {
            const element = Object.assign(document.createElement('iframe'), { src, allow: allowed });
            element.onload = () => element.contentWindow?.postMessage('', '*');
            addEventListener('message', ({ data, source }) => source === element.contentWindow && resolve(data));
            document.body.append(element);
          }),
        scene.site.url('/frame', 'localhost'),
        allowed,
      );
    expect(await inFrame('')).toBe('unavailable unavailable unavailable');
    expect(await inFrame('summarizer')).toBe('available unavailable unavailable');
    expect(await inFrame('writer; language-detector')).toBe('unavailable available available');
  });
});
