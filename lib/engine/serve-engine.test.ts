import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SwitchboardError } from '../protocol/errors.ts';
import { createPortPair } from '../testing/port-pair.ts';
import type { LocalEngine } from './engine.ts';
import { type EngineReply, enginePortName } from './engine-port.ts';
import { type EngineServer, serveEngine } from './serve-engine.ts';

const own = 'chrome-extension://switchboard';
const background = { id: 'switchboard', url: `${own}/background.js` };

let connect: (port: never) => void;
let server: EngineServer;
const close = vi.fn();
const engine = {
  async *chat(_request, signal) {
    yield [{ type: 'text', text: 'one' }];
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    stopped();
  },
  async *load() {
    yield [{ type: 'loading', progress: 1 }];
  },
  countTokens: async () => 7,
  embed: async () => {
    throw new SwitchboardError('not-supported', 'This model was made to write.');
  },
} as Partial<LocalEngine> as LocalEngine;
const stopped = vi.fn();

beforeEach(() => {
  vi.stubGlobal('origin', own);
  const onConnect = {
    addListener(listener: typeof connect) {
      connect = listener;
    },
  };
  server = serveEngine(engine, onConnect as never, close);
});

/** Opens a port as `sender` and returns what comes back on it. */
function open(sender: object = background, name = enginePortName) {
  const pair = createPortPair(sender as never, name);
  const replies: EngineReply[] = [];
  const isClosed = vi.fn();
  pair.content.onMessage.addListener((reply) => void replies.push(reply as EngineReply));
  pair.content.onDisconnect.addListener(isClosed);
  connect(pair.background as never);
  return { port: pair.content, replies, isClosed };
}

describe('a port of the background', () => {
  test('is told that it was heard, then the parts, then the end', async () => {
    const { port, replies } = open();
    port.postMessage({ method: 'load', params: 'pocket' });

    await expect
      .poll(() => replies)
      .toEqual([{ type: 'ready' }, { type: 'parts', parts: [{ type: 'loading', progress: 1 }] }, { type: 'done' }]);
  });

  test('gets a value', async () => {
    const { port, replies } = open();
    port.postMessage({ method: 'countTokens', params: { model: 'pocket', text: 'x' } });

    await expect.poll(() => replies.at(-1)).toEqual({ type: 'done', value: 7 });
  });

  test('gets an error with its code', async () => {
    const { port, replies } = open();
    port.postMessage({ method: 'embed', params: { model: 'pocket', input: ['x'] } });

    await expect
      .poll(() => replies.at(-1))
      .toEqual({ type: 'error', error: { code: 'not-supported', message: 'This model was made to write.' } });
  });

  test('that closes stops its call', async () => {
    const { port, replies } = open();
    port.postMessage({ method: 'chat', params: {} });
    await expect.poll(() => replies).toHaveLength(2);
    port.disconnect();

    await expect.poll(() => stopped.mock.calls.length).toBe(1);
  });
});

describe('nobody else is answered', () => {
  test.each([
    ['a content script of a tab', { id: 'switchboard', url: 'https://example.com/', origin: 'https://example.com', tab: { id: 1 } }],
    ['one in a frame that belongs to no tab', { id: 'switchboard', url: 'https://example.com/', origin: 'https://example.com' }],
    ['one in a sandboxed frame that gives itself our address', { id: 'switchboard', url: `${own}/background.js`, origin: 'null' }],
    ['one without an origin', { id: 'switchboard', url: 'https://example.com/' }],
  ])('%s', async (_, sender) => {
    const { replies, isClosed } = open(sender);

    await expect.poll(() => isClosed.mock.calls.length).toBe(1);
    expect(replies).toEqual([]);
  });

  test('a port of another name is left to others', async () => {
    const { replies, isClosed } = open(background, 'panel');
    await new Promise((resolve) => setTimeout(resolve, 10));

    expect(replies).toEqual([]);
    expect(isClosed).not.toHaveBeenCalled();
  });
});

describe('the page closes itself', () => {
  test('at once when no port is open, and hears no new ones', async () => {
    server.closeWhenFree();
    const { replies } = open();
    await new Promise((resolve) => setTimeout(resolve, 10));

    expect(close).toHaveBeenCalledOnce();
    expect(replies).toEqual([]);
  });

  test('not while a port is open whose call is still on its way', async () => {
    const { port, replies } = open();
    server.closeWhenFree();
    expect(close).not.toHaveBeenCalled();

    port.postMessage({ method: 'load', params: 'pocket' });
    await expect.poll(() => replies.at(-1)).toEqual({ type: 'done' });
    port.disconnect();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(close).not.toHaveBeenCalled();

    server.closeWhenFree();
    expect(close).toHaveBeenCalledOnce();
  });

  test('when a port that asked nothing goes away', async () => {
    const { port } = open();
    server.closeWhenFree();
    port.disconnect();

    await expect.poll(() => close.mock.calls.length).toBe(1);
  });
});
