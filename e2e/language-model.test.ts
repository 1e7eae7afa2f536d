import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { echoSentence } from '../lib/testing/echo-reply.ts';
import { answerConsent } from './consent.ts';
import { browsers, until } from './harness.ts';
import { type EchoScene, openClicked, openEchoScene } from './language-model-scene.ts';

/** Asks before anybody has clicked on it. */
const eager = `<!doctype html><title>Eager</title><button id="ask">Ask</button><script>
  (async () => {
    const availability = await LanguageModel.availability();
    const outcome = await LanguageModel.create().then(() => 'created', (error) => error.name);
    await fetch('/heard?' + availability + ',' + outcome);
  })();
</script>`;

describe.each(browsers)('LanguageModel, in %s', (name) => {
  let scene: EchoScene;
  let heard = '';
  beforeAll(async () => {
    scene = await openEchoScene(name, {
      '/eager': eager,
      '/heard': ({ url = '' }, response) => {
        heard = url.slice('/heard?'.length);
        response.end();
      },
    });
    await scene.allow(scene.site.origin());
  });
  beforeEach(() => scene.echo.reset());
  afterAll(() => scene?.close());

  it('looks as the standard describes it', async () => {
    const shape = await scene.page.evaluate(async () => {
      const { writable, configurable, enumerable } = Object.getOwnPropertyDescriptor(window, 'LanguageModel') ?? {};
      const session = await LanguageModel.create();
      return {
        global: { writable, configurable, enumerable },
        statics: Object.keys(LanguageModel).sort(),
        members: Object.keys(LanguageModel.prototype).sort(),
        lengths: [LanguageModel.create.length, LanguageModel.prototype.prompt.length, LanguageModel.prototype.clone.length],
        tag: `${session}`,
        isOne: session instanceof LanguageModel && session instanceof EventTarget,
        illegal: await failure(() => new LanguageModel()),
        foreign: await failure(LanguageModel.prototype.prompt.call({}, 'x')),
        handler: session.oncontextoverflow,
      };
    });
    expect(shape).toEqual({
      global: { writable: true, configurable: true, enumerable: false },
      statics: ['availability', 'create'],
      members: [
        'append',
        'clone',
        'contextUsage',
        'contextWindow',
        'destroy',
        'measureContextUsage',
        'oncontextoverflow',
        'prompt',
        'promptStreaming',
        'samplingMode',
      ],
      lengths: [0, 1, 0],
      tag: '[object LanguageModel]',
      isOne: true,
      illegal: 'TypeError',
      foreign: 'TypeError',
      handler: null,
    });
  });

  it('says what is possible, and refuses what is no option', async () => {
    const said = await scene.page.evaluate(async () => ({
      plain: await LanguageModel.availability(),
      languages: await LanguageModel.availability({ expectedInputs: [{ type: 'text', languages: ['en', 'JA', 'de-at'] }] }),
      unknownLanguage: await LanguageModel.availability({ expectedOutputs: [{ type: 'text', languages: ['unk'] }] }),
      pictures: await LanguageModel.availability({ expectedOutputs: [{ type: 'image' }] }),
      noTag: await failure(LanguageModel.availability({ expectedInputs: [{ type: 'text', languages: ['en-abc-invalid'] }] })),
      noType: await failure(LanguageModel.availability({ expectedInputs: [{ type: 'smell' }] })),
      createPictures: await failure(LanguageModel.create({ expectedOutputs: [{ type: 'image' }] })),
      createNoTag: await failure(LanguageModel.create({ expectedInputs: [{ type: 'text', languages: ['en-abc-invalid'] }] })),
      legacy: (await LanguageModel.create({ topK: 3, temperature: 0.6, samplingMode: 'creative' })).samplingMode,
    }));
    expect(said).toEqual({
      plain: 'available',
      languages: 'available',
      unknownLanguage: 'unavailable',
      pictures: 'unavailable',
      noTag: 'RangeError',
      noType: 'TypeError',
      createPictures: 'NotSupportedError',
      createNoTag: 'RangeError',
      legacy: 'creative',
    });
  });

  it('tells its monitor of the download, and stops with the signal, whenever that is', async () => {
    const told = await scene.page.evaluate(async () => {
      const loaded: number[] = [];
      const reason = new Error('enough');
      const monitor = (on: (monitor: EventTarget) => void) => on;
      await LanguageModel.create({
        monitor: monitor((given) =>
          given.addEventListener('downloadprogress', (event) =>
            loaded.push((event as ProgressEvent).loaded, (event as ProgressEvent).total),
          ),
        ),
      });
      const abortedAt = async (at: number) => {
        const controller = new AbortController();
        let events = 0;
        const creating = LanguageModel.create({
          signal: controller.signal,
          monitor: monitor((given) =>
            given.addEventListener('downloadprogress', (event) => {
              events += 1;
              if ((event as ProgressEvent).loaded === at) controller.abort(reason);
            }),
          ),
        });
        const thrown = await creating.catch((error) => error === reason);
        return [thrown, events];
      };
      const thrower = () => {
        throw reason;
      };
      return {
        loaded,
        atStart: await abortedAt(0),
        atEnd: await abortedAt(1),
        thrown: await LanguageModel.create({ monitor: thrower }).catch((error: unknown) => error === reason),
        already: await failure(LanguageModel.create({ signal: AbortSignal.abort() })),
      };
    });
    expect(told).toEqual({ loaded: [0, 1, 1, 1], atStart: [true, 1], atEnd: [true, 2], thrown: true, already: 'AbortError' });
  });

  it('answers, remembers, counts as the server does, and gives a clone the same memory', async () => {
    const talk = await scene.page.evaluate(async () => {
      const session = await LanguageModel.create({ initialPrompts: [{ role: 'system', content: 'Say it back. ' }] });
      const begun = [
        session.contextWindow,
        session.contextUsage,
        await session.measureContextUsage([{ role: 'system', content: 'Say it back. ' }]),
      ];
      const first = (await session.prompt('Grüße')) as string;
      const usage = session.contextUsage;
      const measured = (await session.measureContextUsage('Grüße')) + (await session.measureContextUsage(first));
      await session.append([{ role: 'user', content: 'And this. ' }]);
      const clone = await session.clone();
      const atClone = [clone.contextUsage === session.contextUsage, clone.contextWindow];
      const second = await clone.prompt('Now.');
      return {
        begun,
        first,
        grown: usage - (begun[1] as number),
        measured,
        atClone,
        second,
        isLonger: clone.contextUsage > session.contextUsage,
      };
    });
    expect(talk.begun).toEqual([1000, 13, 13]);
    expect(talk.first).toBe(`${echoSentence}Say it back. Grüße`);
    expect(talk.grown).toBe(talk.measured);
    expect(talk.atClone).toEqual([true, 1000]);
    expect(talk.second).toBe('And this. Now.');
    expect(talk.isLonger).toBe(true);
  });

  it('takes whatever it is given as text, and keeps the order of roles', async () => {
    const outcomes = await scene.page.evaluate(async () => {
      const fresh = () => LanguageModel.create();
      const last = async (input: unknown) =>
        String(await (await fresh()).prompt(input))
          .split('\n')
          .at(-1);
      const refused = async (...messages: object[]) => failure((await fresh()).prompt(messages));
      const empty = await fresh();
      const session = await fresh();
      await session.append([]);
      const untouched = session.contextUsage;
      const [one, other] = await Promise.all([session.prompt('one'), session.prompt('two')]);
      return {
        texts: [await last(null), await last(undefined), await last({}), await last('')],
        empty: [typeof (await empty.prompt([])), typeof (await empty.prompt([{ role: 'user', content: [] }]))],
        joined: await last([
          {
            role: 'user',
            content: [
              { type: 'text', value: 'a' },
              { type: 'text', value: 'b' },
            ],
          },
        ]),
        late: await refused({ role: 'user', content: 'x' }, { role: 'system', content: 'y' }),
        twice: await refused({ role: 'system', content: 'x' }, { role: 'system', content: 'y' }),
        prefixed: await refused({ role: 'user', content: 'x', prefix: true }),
        image: await refused({ role: 'assistant', content: [{ type: 'image', value: document.createElement('canvas') }] }),
        role: await refused({ role: 'judge', content: 'x' }),
        later: await failure(session.prompt([{ role: 'system', content: 'x' }])),
        untouched,
        queued: [String(one).endsWith('one'), other],
      };
    });
    expect(outcomes).toEqual({
      texts: ['null', 'undefined', '[object Object]', ''],
      empty: ['string', 'string'],
      joined: 'ab',
      late: 'TypeError',
      twice: 'TypeError',
      prefixed: 'SyntaxError',
      image: 'NotSupportedError',
      role: 'TypeError',
      later: 'TypeError',
      untouched: 0,
      queued: [true, 'two'],
    });
  });

  it('makes room for what is new, and says how much is too much', async () => {
    const outcomes = await scene.page.evaluate(async () => {
      const session = await LanguageModel.create();
      let events = 0;
      session.oncontextoverflow = () => {
        events += 1;
      };
      await session.append('a'.repeat(600));
      await session.append('b'.repeat(600));
      const tooMuch = (await session.prompt('c'.repeat(1001)).catch((error) => error)) as DOMException & {
        requested: number;
        quota: number;
      };
      return {
        events,
        usage: session.contextUsage,
        error: [tooMuch.name, tooMuch.code, tooMuch instanceof DOMException, tooMuch.requested, tooMuch.quota],
        create: await failure(LanguageModel.create({ initialPrompts: [{ role: 'user', content: 'd'.repeat(1001) }] })),
        append: await failure(session.append('e'.repeat(1001))),
      };
    });
    expect(outcomes).toEqual({
      events: 1,
      usage: 600,
      error: ['QuotaExceededError', 22, true, 1001, 1000],
      create: 'QuotaExceededError',
      append: 'QuotaExceededError',
    });
  });

  it('streams as the server does, and stops it when nobody wants more', async () => {
    scene.echo.next(
      { tokens: ['One ', 'two ', 'three.'], tokenDelayMs: 30 },
      { endless: true, tokenDelayMs: 10 },
      { endless: true, tokenDelayMs: 10 },
    );
    const streamed = await scene.page.evaluate(async () => {
      const session = await LanguageModel.create();
      const stream = session.promptStreaming('Count');
      const chunks: unknown[] = [];
      for await (const chunk of stream as unknown as AsyncIterable<unknown>) chunks.push(chunk);
      const controller = new AbortController();
      const endless = session.promptStreaming('Go on', { signal: controller.signal });
      const reader = endless.getReader();
      await reader.read();
      controller.abort();
      const aborted = await failure(reader.read());
      const left = session.promptStreaming('Go on').getReader();
      await left.read();
      const cancelled = await failure(left.cancel());
      return {
        isStream: stream instanceof ReadableStream,
        chunks,
        aborted,
        cancelled,
        thrown: await failure(() => session.promptStreaming('x', { signal: AbortSignal.abort() })),
        after: await session.prompt('And now?'),
      };
    });
    expect(streamed).toMatchObject({ isStream: true, aborted: 'AbortError', cancelled: 'none', thrown: 'AbortError' });
    expect(streamed.chunks.join('')).toBe('One two three.');
    expect(streamed.chunks.length).toBeGreaterThan(1);
    expect(streamed.after).toMatch(/And now\?$/);
    await until(() => scene.echo.aborted === 2, 'the server to see both connections close', 2000);
  });

  it('drops what is aborted, running or waiting, and what is destroyed', async () => {
    scene.echo.next({ endless: true, tokenDelayMs: 10 });
    const outcomes = await scene.page.evaluate(async () => {
      const reason = new Error('mine');
      const session = await LanguageModel.create();
      const controller = new AbortController();
      const running = session.prompt('Go on', { signal: controller.signal });
      const waiting = session.prompt('Me too', { signal: controller.signal });
      setTimeout(() => controller.abort(reason), 100);
      const isMine = await Promise.all([running, waiting].map((each) => each.catch((error) => error === reason)));
      const after = String(await session.prompt('Still there?')).endsWith('Still there?');
      const gone = session.prompt('Too late');
      session.destroy();
      const life = new AbortController();
      const bound = await LanguageModel.create({ signal: life.signal });
      life.abort(reason);
      return {
        isMine,
        after,
        destroyed: [
          await failure(gone),
          await failure(session.prompt('x')),
          await failure(session.clone()),
          await failure(() => session.promptStreaming('x')),
        ],
        readable: [session.contextWindow, typeof session.contextUsage],
        bound: await bound.prompt('x').catch((error) => error === reason),
      };
    });
    expect(outcomes).toEqual({
      isMine: [true, true],
      after: true,
      destroyed: ['InvalidStateError', 'InvalidStateError', 'InvalidStateError', 'InvalidStateError'],
      readable: [1000, 'number'],
      bound: true,
    });
    await until(() => scene.echo.aborted === 1, 'the server to see the connection close', 2000);
  });

  it('holds answers to schemas and expressions, also where the page has begun them', async () => {
    const answers = await scene.page.evaluate(async () => {
      const fresh = async (input: unknown, responseConstraint: unknown, more = {}) =>
        (await LanguageModel.create()).prompt(input, { responseConstraint, ...more });
      const schema = {
        type: 'object',
        required: ['stars'],
        additionalProperties: false,
        properties: { stars: { type: 'integer', minimum: 1, maximum: 5 } },
      };
      const begun = (content: string) => [
        { role: 'user', content: 'Rate it' },
        { role: 'assistant', content, prefix: true },
      ];
      const circle: Record<string, unknown> = {};
      circle.self = circle;
      // A document of the page that has no address of its own.
      const frame = document.createElement('iframe');
      frame.src = URL.createObjectURL(new Blob(['<p>'], { type: 'text/html' }));
      document.body.append(frame);
      await new Promise((resolve) => frame.addEventListener('load', resolve));
      const within = await (frame.contentWindow as unknown as { LanguageModel: typeof LanguageModel }).LanguageModel.create();
      return {
        inBlob: JSON.parse((await within.prompt('Rate it', { responseConstraint: schema })) as string),
        schema: JSON.parse((await fresh('Rate it', schema)) as string),
        untold: JSON.parse((await fresh('Rate it', schema, { omitResponseConstraintInput: true })) as string),
        begunSchema: JSON.parse(`{"stars": ${await fresh(begun('{"stars": '), schema)}`),
        pattern: await fresh('When?', /^\d{4}-\d{2}-\d{2}$/),
        begunPattern: `Dear ${await fresh(begun('Dear '), /^Dear [a-z]+ and [a-z]+!$/)}`,
        refused: [
          await failure(fresh('x', circle)),
          await failure(fresh('x', { type: 'soup' })),
          await failure(fresh(begun('Never'), schema)),
          await failure(fresh(begun('Never'), /^Dear/)),
          await failure(fresh('x', 5)),
          await failure(fresh('x', undefined, { omitResponseConstraintInput: true })),
        ],
      };
    });
    expect(answers.schema.stars).toBeGreaterThanOrEqual(1);
    expect(answers.untold).toHaveProperty('stars');
    expect(answers.inBlob).toHaveProperty('stars');
    expect(answers.begunSchema.stars).toBeLessThanOrEqual(5);
    expect(answers.pattern).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(answers.begunPattern).toMatch(/^Dear [a-z]+ and [a-z]+!$/);
    const [notSupported, type] = ['NotSupportedError', 'TypeError'];
    expect(answers.refused).toEqual([notSupported, notSupported, notSupported, notSupported, type, type]);
  });

  it('asks before the user has agreed, tells nothing until then, and needs a click', async () => {
    // By itself: what automation evaluates counts as a click in Chromium.
    const page = await scene.stage.newPage(scene.site.url('/eager', 'localhost'));
    await until(() => heard !== '', 'the page to hear its answers');
    expect(heard).toBe('downloadable,NotAllowedError');
    await page.click('#ask');
    const asked = page.evaluate(async () => {
      const session = await LanguageModel.create();
      return [await LanguageModel.availability(), typeof (await session.prompt('Hello'))];
    });
    await answerConsent(scene.stage, 'session');
    expect(await asked).toEqual(['available', 'string']);
    await page.close();
  });

  it('remembers when the background has slept', async () => {
    const say = (text: string) =>
      scene.page.evaluate(async (text) => {
        const kept = window as unknown as { session?: InstanceType<typeof LanguageModel> };
        kept.session ??= await LanguageModel.create();
        return kept.session.prompt(text);
      }, text);
    expect(await say('One')).toBe(`${echoSentence}One`);
    await scene.stage.stopBackground();
    expect(await say('Two')).toBe('Two');
  });

  it('works again when the page comes back from the cache', async () => {
    const page = await openClicked(scene);
    await page.evaluate(async () => {
      addEventListener('pageshow', ({ persisted }) => {
        if (persisted) document.title = 'Back';
      });
      Object.assign(window, { kept: await LanguageModel.create() });
    });
    await page.goto(scene.site.url('/'));
    await page.evaluate(() => history.back());
    await until(() => page.evaluate(() => document.title === 'Back').catch(() => false), 'the page to come back from the cache');
    const answer = await page.evaluate(() =>
      (window as unknown as { kept: InstanceType<typeof LanguageModel> }).kept.prompt('Still here?'),
    );
    expect(answer).toMatch(/Still here\?$/);
    await page.close();
  });
});
