import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browsers, until } from './harness.ts';
import { type EchoScene, openEchoScene } from './language-model-scene.ts';

const drawing = (size: string) => ({
  type: 'image/svg+xml',
  body: `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 9 9"><rect width="9" height="9" fill="red"/></svg>`,
});

/** What pages write with, for the tools of these tests. */
declare global {
  var LanguageModelToolCall: new (init: object) => { callID: string; name: string; arguments: object };
  var LanguageModelToolSuccess: new (init: object) => object;
  var LanguageModelToolError: new (init: object) => object;
}

/** Replaces what its scripts stand on before it makes its first session, and tells what came of that in its title. */
const poisoned = `<!doctype html><title>Waiting</title><script>
  const poison = () => {
    throw new Error('poisoned');
  };
  const methods = ['push', 'map', 'filter', 'forEach', 'join', 'slice', 'concat', 'flatMap', 'shift', 'some', 'every', 'includes'];
  for (const name of methods) Array.prototype[name] = poison;
  JSON.parse = JSON.stringify = Object.keys = Object.entries = Object.assign = EventTarget.prototype.addEventListener = poison;
  AbortController = ReadableStream = undefined;
  (async () => {
    try {
      const session = await LanguageModel.create({ initialPrompts: [{ role: 'system', content: 'Still ' }] });
      let text = '';
      for await (const chunk of session.promptStreaming('here')) text += chunk;
      document.title = text;
    } catch (error) {
      document.title = error.name + ': ' + error.message;
    }
  })();
</script>`;

describe.each(browsers)('with LanguageModel, in %s', (name) => {
  let scene: EchoScene;
  beforeAll(async () => {
    const routes = {
      '/sized.svg': drawing('width="9" height="9"'),
      '/sizeless.svg': drawing(''),
      '/broken.png': { type: 'image/png', body: 'x' },
      '/poisoned': poisoned,
    };
    scene = await openEchoScene(name, routes);
    await scene.allow(scene.site.origin());
    await scene.allow(scene.site.origin('localhost'));
  });
  beforeEach(() => scene.echo.reset());
  afterAll(() => scene?.close());

  it('a page answers the calls of the model itself, one by one or while they stream', async () => {
    const outcomes = await scene.page.evaluate(async () => {
      type Content = { type: string; value: unknown };
      const inputSchema = { type: 'object', properties: { place: { type: 'string' } } };
      const tool = (name: string, args: string) => ({ name, description: `Looks it up. Args: ${args}`, inputSchema });
      const options = {
        expectedInputs: [{ type: 'tool-response' }],
        expectedOutputs: [{ type: 'tool-call' }],
        tools: [tool('weather', '{"place":"Oslo"}'), tool('traffic', '{}')],
      };
      const session = await LanguageModel.create(options);
      const said = (await session.prompt('<GenerateSimpleToolCalls>How is it?')) as Content[];
      const calls = said.filter(({ type }) => type === 'tool-call').map(({ value }) => value as InstanceType<typeof LanguageModelToolCall>);
      const answerOf = (value: object) => [{ role: 'user', content: [{ type: 'tool-response', value }] }];
      const [first, second] = calls;
      const success = (result: object[]) => new LanguageModelToolSuccess({ callID: first?.callID, name: 'weather', result });
      const circle: Record<string, unknown> = {};
      circle.self = circle;
      const bitmap = await createImageBitmap(new ImageData(4, 4));
      const bad: [string, object[]][] = [
        ['circle', [{ type: 'text', value: circle }]],
        ['function', [{ type: 'text', value: () => {} }]],
        ['bigint', [{ type: 'text', value: 1n }]],
        ['picture as object', [{ type: 'object', value: bitmap }]],
        ['picture', [{ type: 'image', value: bitmap }]],
      ];
      const refusals: string[] = [];
      for (const [, result] of bad) refusals.push(await failure(session.prompt(answerOf(success(result)))));
      const heard = await session.prompt([
        {
          role: 'user',
          content: [
            {
              type: 'tool-response',
              value: success([
                { type: 'text', value: 'Rain' },
                { type: 'object', value: { degrees: 4 } },
              ]),
            },
            {
              type: 'tool-response',
              value: new LanguageModelToolError({ callID: second?.callID, name: 'traffic', errorMessage: 'No cameras' }),
            },
          ],
        },
      ]);
      const streamed: Content[] = [];
      const cloned = await (await LanguageModel.create(options)).clone();
      const stream = cloned.promptStreaming('<GenerateMultipleToolCalls>Again') as unknown as AsyncIterable<Content>;
      for await (const chunk of stream) streamed.push(chunk);
      return {
        types: said.map(({ type }) => type),
        text: String(said[0]?.value),
        calls: calls.map((call) => [call instanceof LanguageModelToolCall, typeof call.callID, call.name, { ...call.arguments }]),
        refusals,
        heard,
        streamed: streamed.filter((chunk) => chunk.type === 'tool-call').length,
      };
    });
    expect(outcomes.types).toEqual(['text', 'tool-call', 'tool-call']);
    expect(outcomes.text).toMatch(/How is it\?$/);
    expect(outcomes.calls).toEqual([
      [true, 'string', 'weather', { place: 'Oslo' }],
      [true, 'string', 'traffic', {}],
    ]);
    expect(outcomes.refusals).toEqual(['DataError', 'DataError', 'DataError', 'DataError', 'NotSupportedError']);
    expect(outcomes.heard).toContain('Rain');
    expect(outcomes.heard).toContain('No cameras');
    expect(outcomes.streamed).toBe(2);
  });

  it('the functions of a page run, and the model hears what came of them', async () => {
    const outcome = await scene.page.evaluate(async () => {
      const given: unknown[] = [];
      const session = await LanguageModel.create({
        tools: [
          {
            name: 'weather',
            description: 'Tells the weather. Args: {"place":"Oslo"}',
            inputSchema: { type: 'object' },
            async execute(input: unknown) {
              given.push(input);
              return 'Rain';
            },
          },
          {
            name: 'traffic',
            description: 'Tells the traffic.',
            inputSchema: { type: 'object' },
            async execute() {
              throw new Error('No cameras');
            },
          },
        ],
      });
      return { answer: await session.prompt('<GenerateSimpleToolCalls>Go'), given };
    });
    expect(outcome.given).toEqual([{ place: 'Oslo' }]);
    expect(outcome.answer).toContain('Rain');
    expect(outcome.answer).toContain('No cameras');
  });

  it('tools are refused that make no sense, with the error of whoever wrote them', async () => {
    const names = await scene.page.evaluate(async () => {
      const create = (tools: unknown, expectedOutputs: unknown = [{ type: 'tool-call' }]) =>
        failure(LanguageModel.create({ tools, expectedOutputs }));
      const tool = { name: 'a', description: 'b', inputSchema: { type: 'object' } };
      const own = new RangeError('mine');
      const throwing = {
        type: 'object',
        get properties() {
          throw own;
        },
      };
      const circle: Record<string, unknown> = { type: 'object' };
      circle.self = circle;
      return [
        await create([tool]),
        await create([]),
        await create([tool], [{ type: 'text' }]),
        await create([tool, tool]),
        await create([{ ...tool, name: '' }]),
        await create([{ ...tool, description: '' }]),
        await create([{ ...tool, inputSchema: null }]),
        await create([{ ...tool, inputSchema: {} }]),
        await create([{ ...tool, inputSchema: { type: 'string' } }]),
        await create([{ ...tool, inputSchema: { type: 'object', required: 'place' } }]),
        await create([{ ...tool, inputSchema: circle }]),
        await create([{ ...tool, inputSchema: throwing }]),
      ];
    });
    expect(names).toEqual(['none', 'none', ...Array(9).fill('TypeError'), 'RangeError']);
  });

  it('pictures and sound of every kind are shown to the model, and what is none is refused', async () => {
    const outcomes = await scene.page.evaluate(
      async (foreign) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 32 });
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        context.fillRect(0, 0, 9, 9);
        const blob = await new Promise<Blob>((resolve) => canvas.toBlob((made) => resolve(made as Blob)));
        const buffer = await blob.arrayBuffer();
        const element = (src: string) => Object.assign(new Image(), { src });
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        const svgImage = document.createElementNS('http://www.w3.org/2000/svg', 'image');
        svgImage.setAttribute('href', canvas.toDataURL());
        svg.append(svgImage);
        document.body.append(svg);
        const video = Object.assign(document.createElement('video'), { muted: true, srcObject: canvas.captureStream(20) });
        const frames = setInterval(() => context.fillRect(Math.random() * 20, 9, 9, 9), 20);
        await video.play();
        const padded = new Uint8Array(buffer.byteLength + 64);
        padded.set(new Uint8Array(buffer), 64);
        const offscreen = new OffscreenCanvas(16, 16);
        offscreen.getContext('2d');
        const bitmap = await createImageBitmap(blob);
        const pictures = [blob, bitmap, new VideoFrame(bitmap, { timestamp: 0 }), new ImageData(8, 8), canvas, offscreen, video, svgImage];
        const elements = [element(canvas.toDataURL()), element('/sized.svg'), element('/sizeless.svg')];
        const bytes = [buffer, new DataView(buffer), padded.subarray(64)];

        const wave = new DataView(new ArrayBuffer(44 + 1600));
        const words = [0x46464952, 1636, 0x45564157, 0x20746d66, 16, 0x10001, 8000, 16000, 0x100002, 0x61746164, 1600];
        for (const [index, word] of words.entries()) wave.setUint32(index * 4, word, true);
        const sounds = [
          new Blob([wave]),
          wave.buffer,
          wave,
          await new OfflineAudioContext(1, 1, 8000).decodeAudioData(wave.buffer.slice(0)),
        ];

        const options = { expectedInputs: [{ type: 'image' }, { type: 'audio' }] };
        const show = async (type: string, value: unknown, more: object = options) => {
          const session = await LanguageModel.create(more);
          const content = [
            { type: 'text', value: 'See ' },
            { type, value },
          ];
          const answer = session.prompt([{ role: 'user', content }]);
          return (await failure(answer)).replace('none', String(await answer.catch(() => '')).slice(-7));
        };
        const all = async (type: string, values: unknown[], more?: object) => {
          const shown: string[] = [];
          for (const value of values) shown.push(await show(type, value, more));
          return shown;
        };
        const initialPrompts = [
          {
            role: 'user',
            content: [
              { type: 'text', value: 'Look: ' },
              { type: 'image', value: blob },
            ],
          },
        ];
        const session = await LanguageModel.create({ ...options, initialPrompts });
        const shown = {
          pictures: new Set(await all('image', [...pictures, ...elements, ...bytes])),
          sounds: new Set(await all('audio', sounds)),
          wrong: await all('image', ['text', padded.subarray(9), element('/broken.png'), element(foreign), sounds[3]]),
          wrongSound: await all('audio', [blob, canvas, 'text']),
          wrongText: await all('text', [canvas]),
          unexpected: [await show('image', canvas, {}), await show('audio', sounds[0], { expectedInputs: [{ type: 'image' }] })],
          initial: [session.contextUsage, await session.measureContextUsage(initialPrompts)],
        };
        clearInterval(frames);
        return { ...shown, pictures: [...shown.pictures], sounds: [...shown.sounds] };
      },
      scene.site.url('/sized.svg', 'localhost'),
    );
    expect(outcomes).toEqual({
      pictures: ['<image>'],
      sounds: ['<audio>'],
      wrong: ['SyntaxError', 'InvalidStateError', 'InvalidStateError', 'SecurityError', 'SyntaxError'],
      wrongSound: ['DataError', 'SyntaxError', 'SyntaxError'],
      wrongText: ['SyntaxError'],
      unexpected: ['NotSupportedError', 'NotSupportedError'],
      initial: [106, 106],
    });
  });

  it('a frame of the page works at once, and fails in its own words when it is gone', async () => {
    const outcomes = await scene.page.evaluate(async () => {
      const add = () => document.body.appendChild(document.createElement('iframe'));
      const frame = add();
      const answer = await (await (frame.contentWindow as typeof globalThis & Window).LanguageModel.create()).prompt('In here');
      const gone = frame.contentWindow as typeof globalThis & Window;
      const { DOMException: Its, LanguageModel: Model } = gone;
      const session = await Model.create();
      frame.remove();
      // Firefox runs nothing more in there, so what is awaited here has to be a promise of ours.
      const ends = (promise: Promise<unknown>) =>
        new Promise<unknown>(promise.then.bind(promise) as never).then(
          () => 'none',
          (error) => [error.name, error instanceof Its],
        );
      return { answer, ends: [await ends(Model.availability()), await ends(Model.create()), await ends(session.prompt('x'))] };
    });
    expect(outcomes.answer).toMatch(/In here$/);
    expect(outcomes.ends).toEqual(Array(3).fill(['InvalidStateError', true]));
  });

  it('a frame of another origin is answered where the page hands on, and only there', async () => {
    const url = scene.site.url('/frame', 'localhost');
    const ask = (allow: string) =>
      scene.page.evaluate(
        async (url, allow) => {
          const frame = Object.assign(document.createElement('iframe'), { allow, src: url });
          await new Promise((resolve) => {
            frame.onload = resolve;
            document.body.append(frame);
          });
          const outcomes: string[] = [];
          for (const asked of ['availability', 'create']) {
            const heard = new Promise<string>((resolve) => {
              window.onmessage = ({ data }) => data.asked === asked && resolve(data.outcome);
            });
            frame.contentWindow?.postMessage(asked, '*');
            outcomes.push(await heard);
          }
          frame.remove();
          return outcomes;
        },
        url,
        allow,
      );
    expect(await ask('')).toEqual(['unavailable', 'NotAllowedError']);
    const [availability, answer] = await ask('language-model');
    expect(availability).toBe('available');
    expect(answer).toMatch(/From the frame$/);
    await until(() => scene.echo.activeRequests === 0, 'the echo to be quiet');
  });

  it('a page that has broken its own scripts gets an answer all the same', async () => {
    const page = await scene.stage.newPage(scene.site.url('/poisoned'));
    await until(async () => (await page.title()) !== 'Waiting', 'the page to hear its answer');
    expect(await page.title()).toMatch(/Still here$/);
    await page.close();
  });
});
