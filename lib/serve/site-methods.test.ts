import { describe, expect, it } from 'vitest';
import type { AccessState } from '../protocol/access.ts';
import type { Caller } from '../router/caller.ts';
import type { Router } from '../router/router.ts';
import type { Method } from './method.ts';
import { createSiteMethods } from './site-methods.ts';

const caller: Caller = { role: 'site', origin: 'https://site.example', tabId: 1, frameId: 0, isPrivate: false, isActive: () => true };

describe('what a site can ask for', () => {
  it('passes access requests on, with no more of the reason than will be shown', async () => {
    const asked: unknown[] = [];
    const methods = createSiteMethods(
      router({
        requestAccess: async (_, request) => {
          asked.push(request);
          return state('granted');
        },
      }),
    );
    expect(await value(methods['access.request'], { reason: 'x'.repeat(5_000), models: ['a'] })).toEqual(state('granted'));
    await value(methods['access.request'], {});
    expect(asked).toEqual([{ reason: 'x'.repeat(300), models: ['a'] }, {}]);
    await expect(value(methods['access.request'], { models: ['a'], origin: 'https://bank.example' })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'origin: is not a field that Switchboard takes.',
    });
  });

  it('reads a chat in our own vocabulary, and nothing beyond it', async () => {
    const asked: unknown[] = [];
    const methods = createSiteMethods(
      router({
        async *chat(_, request) {
          asked.push(request);
          yield [{ type: 'end', reason: 'stop' }];
        },
      }),
    );
    const request = {
      messages: [
        { role: 'user', content: [{ type: 'image', mediaType: 'image/png', data: 'QUJD' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'A' }], prefix: true },
      ],
      sampling: { temperature: 0 },
      responseFormat: { type: 'regex', pattern: 'a+' },
    };
    expect(await stream(methods.chat, request)).toEqual([[{ type: 'end', reason: 'stop' }]]);
    expect(asked).toEqual([request]);
    for (const wrong of [
      { ...request, extra: { api_key: 'x' } },
      { messages: [] },
      { messages: [{ role: 'user', content: 'a string' }] },
      { messages: [{ role: 'user', content: [{ type: 'image', mediaType: 'image/png', data: 'https://x' }] }] },
      { messages: [{ role: 'user', content: [{ type: 'image', mediaType: 'text/html', data: 'QUJD' }] }] },
      { ...request, sampling: { temperature: 1e308 } },
    ]) {
      await expect(stream(methods.chat, wrong)).rejects.toMatchObject({ code: 'bad-request' });
    }
  });

  it('reads what is to be counted', async () => {
    const asked: unknown[] = [];
    const methods = createSiteMethods(router({ countTokens: async (_, request) => asked.push(request) }));
    await value(methods.count, { text: 'Once' });
    await value(methods.count, { messages: [{ role: 'system', content: [] }] });
    expect(asked).toEqual([{ text: 'Once' }, { messages: [{ role: 'system', content: [] }] }]);
    await expect(value(methods.count, { text: 'Once', messages: [] })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('tells a watcher the state, and again when it has become different', async () => {
    let now = state('prompt');
    let changed = () => {};
    let isUndone = false;
    const watch = (listener: () => void) => {
      changed = listener;
      return () => {
        isUndone = true;
      };
    };
    const method = createSiteMethods(router({ queryAccess: async () => now }), watch)['access.watch'];
    const seen: unknown[] = [];
    const controller = new AbortController();
    if (method?.kind !== 'subscription') throw new Error('not a subscription');
    const done = method.run({}, { caller, signal: controller.signal }, (value) => seen.push(value));
    await turn();
    changed();
    await turn();
    now = state('granted');
    changed();
    changed();
    await turn();
    controller.abort();
    await done;
    expect(seen).toEqual([texts(state('prompt')), texts(state('granted'))]);
    expect(isUndone).toBe(true);
  });
});

function texts(given: AccessState): unknown {
  return { accesschanged: JSON.stringify(given), modelchanged: 'null' };
}

function state(given: AccessState['state']): AccessState {
  return { state: given, models: [] };
}

function router(methods: Partial<Router>): Router {
  return methods as Router;
}

async function value(method: Method | undefined, params: unknown): Promise<unknown> {
  if (method?.kind !== 'value') throw new Error('not a value');
  return method.run(params, { caller, signal: new AbortController().signal });
}

async function stream(method: Method | undefined, params: unknown): Promise<unknown[]> {
  if (method?.kind !== 'stream') throw new Error('not a stream');
  const batches: unknown[] = [];
  for await (const batch of method.run(params, { caller, signal: new AbortController().signal })) batches.push(batch);
  return batches;
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}
