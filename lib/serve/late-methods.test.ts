import { describe, expect, it } from 'vitest';
import type { Router } from '../router/router.ts';
import { type LateCreate, lateMethods } from './late-methods.ts';
import type { CallContext, Method } from './method.ts';

const context: CallContext = { caller: { role: 'extension' }, signal: new AbortController().signal };

const methods = {
  answer: async (params: unknown) => `answer to ${params}`,
  async *parts(params: unknown) {
    yield [`first of ${params}`];
    yield [`second of ${params}`];
  },
};

const router = {} as Router;
const create = () => methods;

function tableOf(read: LateCreate<typeof methods>) {
  const { value, stream } = lateMethods(router, read);
  return { answer: value((made, params) => made.answer(params)), parts: stream((made, params) => made.parts(params)) };
}

async function call(method: Method, params: unknown): Promise<unknown> {
  if (method.kind === 'value') return await method.run(params, context);
  if (method.kind !== 'stream') throw new Error('This is a subscription.');
  const batches: unknown[] = [];
  for await (const batch of method.run(params, context)) batches.push(batch);
  return batches;
}

describe('methods whose code comes late', () => {
  it('are called once it is there, and it is fetched once for all that ask meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<typeof create>();
    let asked = 0;
    const { answer, parts } = tableOf(() => {
      asked += 1;
      return promise;
    });
    const answers = Promise.all([call(answer, 1), call(parts, 2), call(answer, 3)]);
    resolve(create);
    expect(await answers).toEqual(['answer to 1', [['first of 2'], ['second of 2']], 'answer to 3']);
    expect(await call(parts, 4)).toEqual([['first of 4'], ['second of 4']]);
    expect(asked).toBe(1);
  });

  it('are their own streams once it is there, without a layer around them', () => {
    const { parts } = tableOf(() => create);
    const stream = parts.kind === 'stream' && parts.run(1, context);
    expect(Object.getPrototypeOf(stream)).toBe(methods.parts.prototype);
  });

  it('fail where it cannot be had, and ask for it again', async () => {
    let isThere = false;
    const { answer, parts } = tableOf(async () => {
      if (!isThere) throw new Error('not there');
      return create;
    });
    await expect(call(parts, 1)).rejects.toThrow('not there');
    await expect(call(answer, 1)).rejects.toThrow('not there');
    isThere = true;
    expect(await call(answer, 1)).toBe('answer to 1');
  });
});
