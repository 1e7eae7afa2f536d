import { afterEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { setNativeUse } from '../../permissions/native-choice.ts';
import { refusal } from '../../protocol/page-errors.ts';
import { granted, type LanguageModelClass, stage } from '../../testing/language-model-stage.ts';

/** An object that tells which of its members were read, in which order. */
function watched(members: Record<string, unknown>, log: string[], prefix = ''): object {
  return new Proxy(members, {
    get(target, key) {
      if (typeof key === 'string') log.push(prefix + key);
      return Reflect.get(target, key);
    },
  });
}

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: Error) => error,
  );

describe('availability', () => {
  it.each([
    ['granted', 'available'],
    ['prompt', 'downloadable'],
    ['denied', 'unavailable'],
  ] as const)('where access is %s is %s', async (state, expected) => {
    const { LanguageModel } = stage({ access: { ...granted, state, models: state === 'granted' ? granted.models : [] } });
    expect(await LanguageModel.availability()).toBe(expected);
    expect(await LanguageModel.availability(null)).toBe(expected);
  });

  it('before the user agreed is the same whatever their model can do', async () => {
    const { LanguageModel } = stage({ access: { state: 'prompt', models: [] } });
    expect(await LanguageModel.availability({ expectedInputs: [{ type: 'audio' }] })).toBe('downloadable');
  });

  it('is unavailable for what the model cannot take, and available where nobody knows', async () => {
    const image = { expectedInputs: [{ type: 'image' }] };
    const able = (abilities?: string[]) =>
      stage({ access: { ...granted, models: [{ ...granted.models[0], ...(abilities && { abilities }) }] } as never });
    expect(await able().LanguageModel.availability(image)).toBe('available');
    expect(await able(['chat', 'images']).LanguageModel.availability(image)).toBe('available');
    expect(await able(['chat']).LanguageModel.availability(image)).toBe('unavailable');
    expect(await errorOf(able(['chat']).LanguageModel.create(image))).toMatchObject({ name: 'NotSupportedError' });
  });

  it.each([
    [{ expectedInputs: [{ type: 'text', languages: ['en', 'de-DE', 'zh-Hans'] }] }, 'available'],
    [{ expectedInputs: [{ type: 'text', languages: ['qqx'] }] }, 'unavailable'],
    [{ expectedOutputs: [{ type: 'text', languages: ['qqx'] }] }, 'unavailable'],
    [{ expectedOutputs: [{ type: 'image' }] }, 'unavailable'],
    [{ expectedOutputs: [{ type: 'text' }, { type: 'tool-call' }] }, 'available'],
    [{ expectedInputs: [{ type: 'tool-response' }] }, 'available'],
    [{ samplingMode: 'creative', topK: 'nonsense' }, 'available'],
  ])('of %j is %s', async (options, expected) => {
    const { LanguageModel } = stage();
    expect(await LanguageModel.availability(options)).toBe(expected);
    if (expected === 'unavailable') expect(await errorOf(LanguageModel.create(options))).toMatchObject({ name: 'NotSupportedError' });
  });

  it.each([
    5,
    'text',
    Symbol('x'),
    { expectedInputs: 5 },
    { expectedInputs: [{}] },
    { expectedInputs: [{ type: 'video' }] },
    { samplingMode: 'wild' },
    { samplingMode: 'default' },
    { expectedInputs: [{ type: 'text', languages: 'en' }] },
    { tools: [{}] },
  ])('rejects %s with a TypeError, and so does create', async (options) => {
    const { LanguageModel } = stage();
    await expect(LanguageModel.availability(options)).rejects.toBeInstanceOf(TypeError);
    await expect(LanguageModel.create(options)).rejects.toBeInstanceOf(TypeError);
  });

  it.each(['_', 'en-', '', 'x'])('rejects the language tag %j with a RangeError', async (tag) => {
    const { LanguageModel } = stage();
    const options = { expectedInputs: [{ type: 'text', languages: [tag] }] };
    await expect(LanguageModel.availability(options)).rejects.toBeInstanceOf(RangeError);
    await expect(LanguageModel.create(options)).rejects.toBeInstanceOf(RangeError);
  });
});

describe('reading options', () => {
  it.each(['type', 'properties', 'required'])(
    'throws what the %s of an inputSchema throws, though JSON would not have it',
    async (hidden) => {
      const mine = new Error('mine');
      const inputSchema = new Proxy({ type: 'object' } as Record<PropertyKey, unknown>, {
        get(schema, key) {
          if (key === hidden) throw mine;
          return schema[key];
        },
      });
      const options = { expectedOutputs: [{ type: 'tool-call' }], tools: [{ name: 'a', description: 'b', inputSchema }] };
      const { LanguageModel } = stage();
      await expect(LanguageModel.create(options)).rejects.toBe(mine);
      await expect(LanguageModel.availability(options)).rejects.toBe(mine);
    },
  );

  it('reads each member once, at once, in the order of the standard', async () => {
    const { LanguageModel } = stage();
    const log: string[] = [];
    const options = watched(
      {
        expectedInputs: [watched({ type: 'text', languages: ['en'] }, log, 'in.')],
        expectedOutputs: [watched({ type: 'tool-call' }, log, 'out.')],
        initialPrompts: [watched({ role: 'user', content: [watched({ type: 'text', value: 'Hi' }, log, 'content.')] }, log, 'message.')],
        monitor: () => {},
        samplingMode: 'creative',
        signal: undefined,
        tools: [watched({ name: 'a', description: 'b', inputSchema: { type: 'object' } }, log, 'tool.')],
      },
      log,
    );
    const creating = LanguageModel.create(options);
    expect(log).toEqual([
      'expectedInputs',
      'in.languages',
      'in.type',
      'expectedOutputs',
      'out.languages',
      'out.type',
      'samplingMode',
      'tools',
      'tool.description',
      'tool.execute',
      'tool.inputSchema',
      'tool.name',
      'initialPrompts',
      'message.content',
      'content.type',
      'content.value',
      'message.prefix',
      'message.role',
      'monitor',
      'signal',
    ]);
    expect((await creating).samplingMode).toBe('creative');
    expect(log).toHaveLength(20);
  });

  it('reads any iterable as a sequence, its iterator once', async () => {
    const { LanguageModel } = stage();
    let asked = 0;
    const initialPrompts = {
      get [Symbol.iterator]() {
        asked += 1;
        return function* () {
          yield { role: 'system', content: 'Be kind.' };
          yield { role: 'user', content: new Set([{ type: 'text', value: 'Hi' }]) };
        };
      },
    };
    const session = await LanguageModel.create({ initialPrompts });
    expect([asked, session.contextUsage]).toEqual([1, 10]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
      'mine',
    ],
  ])('rejects with what a getter %s', async (_, get, message) => {
    const { LanguageModel } = stage();
    await expect(LanguageModel.create(Object.defineProperty({}, 'samplingMode', { get }))).rejects.toThrow(message);
  });
});

describe('create', () => {
  it('makes an object of the class, with what it was asked for', async () => {
    const { LanguageModel } = stage();
    const session = await LanguageModel.create({ initialPrompts: [{ role: 'system', content: 'Be kind.' }] });
    expect(session).toBeInstanceOf(LanguageModel);
    expect(session).toBeInstanceOf(EventTarget);
    expect(Object.getPrototypeOf(session)).toBe(LanguageModel.prototype);
    expect(Object.prototype.toString.call(session)).toBe('[object LanguageModel]');
    expect([session.contextUsage, session.contextWindow, session.samplingMode]).toEqual([8, 1000, 'balanced']);
    expect(await session.measureContextUsage([{ role: 'system', content: 'Be kind.' }])).toBe(8);
    expect(Object.keys(session)).toEqual([]);
  });

  it('says Infinity where nobody knows the window', async () => {
    const { LanguageModel } = stage({ window: undefined });
    expect((await LanguageModel.create()).contextWindow).toBe(Infinity);
  });

  it('asks the user, and fails with NotAllowedError where they do not agree or nobody has clicked', async () => {
    const denied = stage({ requestAccess: async () => ({ state: 'denied', models: [] }) });
    expect(await errorOf(denied.LanguageModel.create())).toMatchObject({ name: 'NotAllowedError' });
    const idle = stage({
      requestAccess: async () => {
        throw refusal('needs-user');
      },
    });
    const error = await errorOf(idle.LanguageModel.create());
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name: 'NotAllowedError', message: expect.stringContaining('click') });
    expect(error?.stack).toBe(`NotAllowedError: ${error?.message}`);
  });

  it.each([
    ['prompt', {}, undefined],
    ['prompt', { expectedInputs: [{ type: 'text' }] }, undefined],
    ['prompt', { expectedInputs: [{ type: 'image' }, { type: 'audio' }] }, ['chat', 'images']],
    [
      'prompt',
      { tools: [{ name: 'now', description: 'The time', inputSchema: { type: 'object', properties: {} }, execute: async () => '' }] },
      ['chat', 'tools'],
    ],
    ['prompt', { expectedOutputs: [{ type: 'text' }, { type: 'tool-call' }] }, ['chat', 'tools']],
    ['granted', { expectedInputs: [{ type: 'image' }] }, undefined],
  ] as const)('where access is %s asks with %j for the abilities %j', async (state, options, abilities) => {
    const asked: unknown[] = [];
    const { LanguageModel } = stage({
      access: { ...granted, state },
      requestAccess: async (_, request) => {
        asked.push(request.abilities);
        return granted;
      },
    });
    await LanguageModel.create(options).catch(() => {});
    expect(asked).toEqual([abilities]);
  });

  it.each([
    ['not-configured', 'NotSupportedError'],
    ['internal', 'OperationError'],
  ] as const)('fails with %s as %s', async (code, name) => {
    const { LanguageModel } = stage({
      requestAccess: async () => {
        throw refusal(code);
      },
    });
    expect(await errorOf(LanguageModel.create())).toMatchObject({ name });
  });

  it('tells a monitor 0 and 1 when nothing had to be loaded', async () => {
    const { LanguageModel, scope } = stage();
    const heard: unknown[] = [];
    let monitor: unknown;
    await LanguageModel.create({
      monitor(this: unknown, given: EventTarget) {
        monitor = given;
        expect(this).toBeUndefined();
        given.addEventListener('downloadprogress', (event) => {
          const { loaded, total, lengthComputable } = event as ProgressEvent;
          heard.push([event.constructor.name, loaded, total, lengthComputable]);
        });
      },
    });
    expect(heard.map((each) => (each as unknown[]).slice(1))).toEqual([
      [0, 1, true],
      [1, 1, true],
    ]);
    expect(monitor).toBeInstanceOf(scope.CreateMonitor as typeof EventTarget);
  });

  it('tells how far loading is: rising, in steps of a 65,536th', async () => {
    const { LanguageModel } = stage({
      load: async function* () {
        for (const progress of [0.3, 0.3, 0.1, 0.5, 1]) yield [{ type: 'loading', progress }];
      },
    });
    const heard: number[] = [];
    await LanguageModel.create({
      monitor: (monitor: { ondownloadprogress: unknown }) => {
        monitor.ondownloadprogress = ({ loaded }: ProgressEvent) => heard.push(loaded);
      },
    });
    expect(heard).toEqual([0, Math.floor(0.3 * 65536) / 65536, 0.5, 1]);
  });

  it('calls the monitor at once, and rejects with what it throws', async () => {
    const { LanguageModel } = stage();
    let isCalled = false;
    const creating = LanguageModel.create({
      monitor: () => {
        isCalled = true;
      },
    });
    expect(isCalled).toBe(true);
    await creating;
    const mine = new Error('mine');
    await expect(
      LanguageModel.create({
        monitor: () => {
          throw mine;
        },
      }),
    ).rejects.toBe(mine);
  });

  it('rejects with the reason of a signal that has fired, and calls no monitor', async () => {
    const { LanguageModel } = stage();
    let isCalled = false;
    const signal = AbortSignal.abort('gone');
    await expect(
      LanguageModel.create({
        signal,
        monitor: () => {
          isCalled = true;
        },
      }),
    ).rejects.toBe('gone');
    expect(isCalled).toBe(false);
  });

  it('stops when its signal fires meanwhile, and fires no progress then', async () => {
    const controller = new AbortController();
    const { LanguageModel } = stage({ requestAccess: () => new Promise(() => {}) });
    const heard: number[] = [];
    const begun = Promise.withResolvers<void>();
    const creating = LanguageModel.create({
      signal: controller.signal,
      monitor: (monitor: EventTarget) =>
        monitor.addEventListener('downloadprogress', (event) => {
          heard.push((event as ProgressEvent).loaded);
          begun.resolve();
        }),
    });
    await begun.promise;
    controller.abort('enough');
    await expect(creating).rejects.toBe('enough');
    expect(heard).toEqual([0]);
  });

  it.each([0, 1])('can be stopped by who waits for the progress of %d, and fires none then', async (awaited) => {
    const controller = new AbortController();
    const { LanguageModel } = stage();
    const heard: number[] = [];
    const reached = Promise.withResolvers<void>();
    const creating = LanguageModel.create({
      signal: controller.signal,
      monitor: (monitor: EventTarget) =>
        monitor.addEventListener('downloadprogress', (event) => {
          const { loaded } = event as ProgressEvent;
          heard.push(loaded);
          if (loaded === awaited) reached.resolve();
        }),
    });
    await Promise.race([reached.promise, creating]);
    controller.abort('enough');
    await expect(creating).rejects.toBe('enough');
    expect(heard.at(-1)).toBe(awaited);
  });

  it('lets an abort in a progress listener win', async () => {
    const controller = new AbortController();
    const { LanguageModel } = stage();
    const heard: number[] = [];
    const creating = LanguageModel.create({
      signal: controller.signal,
      monitor: (monitor: EventTarget) =>
        monitor.addEventListener('downloadprogress', (event) => {
          heard.push((event as ProgressEvent).loaded);
          controller.abort('in the middle');
        }),
    });
    await expect(creating).rejects.toBe('in the middle');
    expect(heard).toEqual([0]);
  });

  it('destroys the session with the reason when its signal fires later', async () => {
    const controller = new AbortController();
    const { LanguageModel } = stage();
    const session = await LanguageModel.create({ signal: controller.signal });
    controller.abort('later');
    await expect(session.prompt('Hi')).rejects.toBe('later');
    expect(() => session.promptStreaming('Hi')).toThrow('later');
    expect(session.contextUsage).toBe(0);
  });

  it('fails in a document that is gone, with an exception of its realm', async () => {
    const { LanguageModel, scope } = stage();
    const session = await LanguageModel.create();
    scope.isGone = true;
    for (const promise of [LanguageModel.availability(), LanguageModel.create(), session.prompt('Hi'), session.clone()]) {
      const error = await errorOf(promise);
      expect(error).toBeInstanceOf(DOMException);
      expect(error).toMatchObject({ name: 'InvalidStateError' });
    }
  });

  it.each([
    [
      [
        { role: 'user', content: 'Hi' },
        { role: 'system', content: 'Be kind.' },
      ],
      'TypeError',
    ],
    [
      [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'He', prefix: true },
      ],
      'SyntaxError',
    ],
    [[{ role: 'user', content: [{ type: 'image', value: new Blob([]) }] }], 'NotSupportedError'],
    [[{ role: 'bot', content: 'Hi' }], 'TypeError'],
    ['Hi', 'TypeError'],
    [[{ role: 'user', content: 'x'.repeat(1001) }], 'QuotaExceededError'],
  ])('refuses the initial prompts %j with %s', async (initialPrompts, name) => {
    const { LanguageModel } = stage();
    expect(await errorOf(LanguageModel.create({ initialPrompts }))).toMatchObject({ name });
  });

  it('says how much too much the initial prompts are', async () => {
    const { LanguageModel } = stage();
    const error = await errorOf(LanguageModel.create({ initialPrompts: [{ role: 'system', content: 'x'.repeat(1200) }] }));
    expect(error?.constructor.name).toBe('QuotaExceededError');
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ requested: 1200, quota: 1000, code: 22 });
  });

  it('reads the late part once for many sessions', async () => {
    const { LanguageModel, scope } = stage();
    const sessions = await Promise.all([LanguageModel.create(), LanguageModel.create(), LanguageModel.create()]);
    expect(new Set(sessions).size).toBe(3);
    expect(Reflect.ownKeys(scope).filter((key) => String(key).startsWith('switchboard'))).toEqual([]);
  });
});

describe("the browser's own", () => {
  afterEach(() => fakeBrowser.reset());

  const native = (answer: string) => {
    const log: unknown[] = [];
    class Own extends EventTarget {
      static async availability(options?: unknown) {
        log.push(['availability', options]);
        return answer;
      }
      static async create(options: { monitor?: (monitor: EventTarget) => void }) {
        log.push(['create', options]);
        const monitor = new EventTarget();
        options.monitor?.(monitor);
        monitor.dispatchEvent(new ProgressEvent('downloadprogress', { loaded: 0.5, total: 1, lengthComputable: true }));
        return new Own();
      }
    }
    class Monitor extends EventTarget {}
    const staged = stage({}, { LanguageModel: Own, CreateMonitor: Monitor });
    return { ...staged, Own, Monitor, log, current: () => staged.scope.LanguageModel as typeof LanguageModelClass };
  };

  it('gives way where it is unavailable', async () => {
    const { Own, current, log } = native('unavailable');
    const ours = current();
    expect(ours).not.toBe(Own);
    expect(await ours.availability()).toBe('available');
    expect(await (await ours.create()).prompt('Hi')).toBe('Echo: Hi');
    expect(current()).toBe(ours);
    expect(log).toEqual([['availability', expect.anything()]]);
  });

  it('answers where it works, and the window has it back, also for who took ours before', async () => {
    const { Own, Monitor, current, scope, log } = native('downloadable');
    const ours = current();
    const heard: number[] = [];
    let calls = 0;
    const options = {
      monitor: (monitor: EventTarget) => {
        calls += 1;
        monitor.addEventListener('downloadprogress', (event) => heard.push((event as ProgressEvent).loaded));
      },
    };
    const session = await ours.create(options);
    expect(session).toBeInstanceOf(Own);
    expect(session).toBeInstanceOf(ours);
    expect([calls, heard]).toEqual([1, [0.5]]);
    expect([current(), scope.CreateMonitor]).toEqual([Own, Monitor]);
    expect('LanguageModelToolCall' in scope).toBe(false);
    expect(await ours.availability({ samplingMode: 'creative' })).toBe('downloadable');
    expect(log.at(-1)).toEqual(['availability', { samplingMode: 'creative' }]);
  });

  it('gives way where the user wants ours, on that site or everywhere', async () => {
    const { Own, current, log } = native('available');
    await setNativeUse('always', 'https://site.example');
    expect(await current().create()).not.toBeInstanceOf(Own);
    expect(log).toEqual([]);
  });

  it('is all there is where the user wants no other, working or not', async () => {
    await setNativeUse('never');
    const { Own, current } = native('unavailable');
    expect(await current().availability()).toBe('unavailable');
    expect(current()).toBe(Own);
    const { LanguageModel } = stage();
    expect(await LanguageModel.availability()).toBe('unavailable');
    expect(await errorOf(LanguageModel.create())).toMatchObject({ name: 'NotSupportedError' });
  });

  it('leaves alone what a page has put in its place', async () => {
    const { current, scope } = native('available');
    const ours = current();
    scope.LanguageModel = 'a page’s own';
    expect(await ours.availability()).toBe('available');
    expect(scope.LanguageModel).toBe('a page’s own');
  });

  it('and the permissions policy of its browser is kept', async () => {
    const document = {
      featurePolicy: { allowsFeature: (name: string) => name !== 'language-model' },
      visibilityState: 'visible',
      addEventListener() {},
    };
    const Own = { availability: async () => 'unavailable', create: async () => ({}) };
    const { LanguageModel } = stage({}, { LanguageModel: Own, document });
    expect(await LanguageModel.availability()).toBe('unavailable');
    expect(await errorOf(LanguageModel.create())).toMatchObject({ name: 'NotAllowedError' });
  });
});

describe('in a frame that is refused', () => {
  it('is unavailable, and creating is not allowed', async () => {
    const { LanguageModel } = stage({ isRefused: true });
    expect(await LanguageModel.availability()).toBe('unavailable');
    expect(await errorOf(LanguageModel.create())).toMatchObject({ name: 'NotAllowedError' });
  });
});
