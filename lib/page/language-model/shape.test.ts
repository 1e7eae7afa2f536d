import { describe, expect, it } from 'vitest';
import { stage } from '../../testing/language-model-stage.ts';

type Class = (new (...args: unknown[]) => object) & Record<string, unknown>;
const { scope } = stage();
const classOf = (name: string) => scope[name] as Class;

describe('the interfaces on the window', () => {
  it.each([
    ['LanguageModel', 0],
    ['CreateMonitor', 0],
    ['LanguageModelToolCall', 1],
    ['LanguageModelToolSuccess', 1],
    ['LanguageModelToolError', 1],
  ])('%s is there as Web IDL describes interfaces', (name, length) => {
    expect(Object.getOwnPropertyDescriptor(scope, name)).toMatchObject({ writable: true, enumerable: false, configurable: true });
    const { prototype } = classOf(name);
    expect(Object.getOwnPropertyDescriptor(classOf(name), 'prototype')).toMatchObject({
      writable: false,
      enumerable: false,
      configurable: false,
    });
    expect(Object.getOwnPropertyDescriptor(classOf(name), 'name')).toEqual({
      value: name,
      writable: false,
      enumerable: false,
      configurable: true,
    });
    expect(Object.getOwnPropertyDescriptor(classOf(name), 'length')).toEqual({
      value: length,
      writable: false,
      enumerable: false,
      configurable: true,
    });
    expect(Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)).toEqual({
      value: name,
      writable: false,
      enumerable: false,
      configurable: true,
    });
    expect(Object.getOwnPropertyDescriptor(prototype, 'constructor')).toMatchObject({ value: classOf(name), enumerable: false });
    expect(() => (classOf(name) as unknown as () => void)()).toThrow(TypeError);
  });

  it.each(['LanguageModel', 'CreateMonitor'])('%s is an EventTarget that nobody can construct', (name) => {
    expect(Object.getPrototypeOf(classOf(name))).toBe(EventTarget);
    expect(Object.getPrototypeOf(classOf(name).prototype)).toBe(EventTarget.prototype);
    expect(() => new (classOf(name))()).toThrow(TypeError);
  });

  it('LanguageModel has these members and no others', () => {
    const members = Object.entries(Object.getOwnPropertyDescriptors(classOf('LanguageModel').prototype)).filter(
      ([, { enumerable }]) => enumerable,
    );
    expect(members.map(([name]) => name).sort()).toEqual(
      [
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
      ].sort(),
    );
    expect(Object.keys(classOf('LanguageModel')).sort()).toEqual(['availability', 'create']);
  });

  it.each([
    ['append', 1],
    ['clone', 0],
    ['destroy', 0],
    ['measureContextUsage', 1],
    ['prompt', 1],
    ['promptStreaming', 1],
  ])('the operation %s is a plain function with %i argument', (name, length) => {
    const { value, ...rest } = Object.getOwnPropertyDescriptor(classOf('LanguageModel').prototype, name) as PropertyDescriptor;
    expect(rest).toEqual({ writable: true, enumerable: true, configurable: true });
    expect([value.name, value.length, Object.getPrototypeOf(value), 'prototype' in value]).toEqual([
      name,
      length,
      Function.prototype,
      false,
    ]);
  });

  it.each(['create', 'availability'])('the static operation %s takes no argument that it must have', (name) => {
    const { value, ...rest } = Object.getOwnPropertyDescriptor(classOf('LanguageModel'), name) as PropertyDescriptor;
    expect(rest).toEqual({ writable: true, enumerable: true, configurable: true });
    expect([value.name, value.length]).toEqual([name, 0]);
  });

  it.each(['contextUsage', 'contextWindow', 'samplingMode'])('the attribute %s is an accessor without a setter', (name) => {
    const { get, set, ...rest } = Object.getOwnPropertyDescriptor(classOf('LanguageModel').prototype, name) as PropertyDescriptor;
    expect([get?.name, get?.length, set, rest]).toEqual([`get ${name}`, 0, undefined, { enumerable: true, configurable: true }]);
  });

  it('members throw, or reject, on anything that is no LanguageModel', async () => {
    const { prototype } = classOf('LanguageModel') as unknown as { prototype: Record<string, (...args: unknown[]) => unknown> };
    for (const name of ['prompt', 'append', 'measureContextUsage', 'clone']) {
      await expect(prototype[name]?.call({}, 'Hi')).rejects.toBeInstanceOf(TypeError);
    }
    for (const name of ['promptStreaming', 'destroy']) expect(() => prototype[name]?.call({}, 'Hi')).toThrow(TypeError);
    for (const name of ['contextUsage', 'oncontextoverflow']) expect(() => Reflect.get(prototype, name, {})).toThrow(TypeError);
  });

  it('are not on a page that is not secure', () => {
    expect('LanguageModel' in stage({}, { isSecureContext: false }).scope).toBe(false);
  });
});

describe('what tools say', () => {
  it('is kept as it was given, and cannot be changed', () => {
    const input = { city: 'Oslo' };
    const call = new (classOf('LanguageModelToolCall'))({ callID: 1, name: 'weather', arguments: input });
    expect(call).toMatchObject({ callID: '1', name: 'weather', arguments: input });
    expect((call as { arguments: object }).arguments).toBe(input);
    expect(new (classOf('LanguageModelToolCall'))({ callID: 'a', name: 'b' })).toMatchObject({ arguments: null });
    expect(new (classOf('LanguageModelToolError'))({ callID: 'a', name: 'b', errorMessage: 5 })).toMatchObject({ errorMessage: '5' });
    const given = [{ type: 'text', value: 'Rain' }];
    const success = new (classOf('LanguageModelToolSuccess'))({ callID: 'a', name: 'b', result: given }) as { result: object[] };
    given.push({ type: 'text', value: 'later' });
    expect(success.result).toEqual([{ type: 'text', value: 'Rain' }]);
    expect(success.result).toBe(success.result);
    expect(Object.isFrozen(success.result)).toBe(true);
    expect(Object.keys(Object.getPrototypeOf(success))).toEqual(expect.arrayContaining(['callID', 'name', 'result']));
  });

  it.each([
    ['LanguageModelToolCall', []],
    ['LanguageModelToolCall', [5]],
    ['LanguageModelToolCall', [{ name: 'b' }]],
    ['LanguageModelToolCall', [{ callID: 'a', name: 'b', arguments: 5 }]],
    ['LanguageModelToolSuccess', [{ callID: 'a', name: 'b' }]],
    ['LanguageModelToolSuccess', [{ callID: 'a', name: 'b', result: 5 }]],
    ['LanguageModelToolSuccess', [{ callID: 'a', name: 'b', result: [{ type: 'video', value: 1 }] }]],
    ['LanguageModelToolSuccess', [{ callID: 'a', name: 'b', result: [{ type: 'text' }] }]],
    ['LanguageModelToolError', [{ callID: 'a', name: 'b' }]],
    ['LanguageModelToolError', [{ callID: Symbol('a'), name: 'b', errorMessage: '' }]],
  ])('%s refuses %j', (name, args) => {
    expect(() => new (classOf(name))(...args)).toThrow(TypeError);
  });
});

describe('an event handler attribute', () => {
  it('holds objects, calls functions with the session as this, and keeps its place', async () => {
    const { LanguageModel } = stage();
    const session = await LanguageModel.create();
    expect(session.oncontextoverflow).toBe(null);
    const heard: unknown[] = [];
    session.oncontextoverflow = () => heard.push('replaced');
    session.addEventListener('contextoverflow', () => heard.push('listener'));
    session.oncontextoverflow = function (this: unknown, event: Event) {
      heard.push(this === session, event.type);
      return false;
    };
    const event = new Event('contextoverflow', { cancelable: true });
    session.dispatchEvent(event);
    expect(heard).toEqual([true, 'contextoverflow', 'listener']);
    expect(event.defaultPrevented).toBe(true);
    for (const nothing of [5, 'text', undefined, null]) {
      session.oncontextoverflow = nothing;
      expect(session.oncontextoverflow).toBe(null);
    }
    const plain = {};
    session.oncontextoverflow = plain;
    expect(session.oncontextoverflow).toBe(plain);
    session.dispatchEvent(new Event('contextoverflow'));
    expect(heard).toHaveLength(4);
  });
});
