import { beforeEach, expect, it } from 'vitest';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Router } from '../../router/router.ts';
import { createPortPair } from '../../testing/port-pair.ts';
import { identify, type Sender } from '../identify.ts';
import type { MethodTable } from '../method.ts';
import { serve } from '../serve.ts';
import type { CallEvent, RecordedCall } from './call.ts';
import { type CallBook, createCallBook } from './call-book.ts';

const own = { id: 'own', origin: 'chrome-extension://own' };
const page: Sender = {
  id: 'own',
  origin: 'https://app.example',
  url: 'https://app.example/',
  frameId: 0,
  tab: { id: 7, url: 'https://app.example/' },
};
const methods: MethodTable = {
  good: { kind: 'value', run: async () => 'well' },
  bad: { kind: 'value', run: () => Promise.reject(new SwitchboardError('unreachable', '10.0.0.5:8080 refused the connection.')) },
  endless: {
    kind: 'value',
    run: (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  },
  'prompt.load': { kind: 'value', run: async () => true },
};

let book: CallBook;
let calls: Map<string, RecordedCall>;
beforeEach(() => {
  book = createCallBook({} as Router);
  calls = new Map();
  book.watch(7, (event: CallEvent) => {
    if (event.type === 'call') calls.set(event.call.method, { ...event.call });
    else if (event.type === 'changed') for (const call of calls.values()) if (call.id === event.id) Object.assign(call, event.change);
  });
});

it('hears of every call of a site: answered, failed, stopped, and refused before anything ran', async () => {
  const { call, post } = connect(page);
  call(1, 'good');
  call(2, 'bad');
  call(3, 'no.such.call');
  call(4, 'endless');
  call(5, 'prompt.load');
  post('{"type":"abort","id":4}');
  await settled();
  expect(calls.get('good')).toMatchObject({ origin: 'https://app.example', state: 'done', durationMs: expect.any(Number) });
  expect(calls.get('bad')).toMatchObject({ state: 'failed', error: { code: 'unreachable', message: expect.stringContaining('10.0.0.5') } });
  expect(calls.get('no.such.call')).toMatchObject({ state: 'failed', error: { code: 'bad-request' } });
  expect(calls.get('endless')).toMatchObject({ state: 'stopped' });
  expect(calls.has('prompt.load')).toBe(false);
});

it('hears why a document gets no answer at all', async () => {
  const { call } = connect({ ...page, origin: 'null' });
  call(1, 'good');
  await settled();
  expect(calls.get('good')).toMatchObject({ state: 'failed', error: { code: 'unsupported-context' } });
});

it('hears nothing of other tabs, and nothing of our own pages', async () => {
  connect({ ...page, tab: { id: 8, url: 'https://app.example/' } }).call(1, 'good');
  const { content, background } = createPortPair({ id: 'own', origin: own.origin, url: `${own.origin}/popup.html` });
  serve(background, { ...options(), panel: methods });
  content.postMessage(JSON.stringify({ type: 'call', id: 1, method: 'good', params: {} }));
  await settled();
  expect(calls.size).toBe(0);
});

function connect(sender: Sender) {
  const { content, background } = createPortPair(sender);
  serve(background, options());
  const post = (call: string) => content.postMessage({ call, active: true, visible: true, clicked: false, embedded: false });
  return { post, call: (id: number, method: string) => post(JSON.stringify({ type: 'call', id, method, params: {} })) };
}

function options(): Parameters<typeof serve>[1] {
  return { identify: (sender) => identify(sender, own), site: methods, panel: {}, lease: { hold: () => () => {} }, begin: book.begin };
}

/** Everything that could happen by itself has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}
