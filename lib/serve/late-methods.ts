import type { Router } from '../router/router.ts';
import type { CallContext, Method } from './method.ts';

type Run<Methods, Result> = (methods: Methods, params: unknown, context: CallContext) => Result;

/** Makes entries of a method table out of methods whose code may come late. */
export interface LateMethods<Methods> {
  value(run: Run<Methods, Promise<unknown>>): Method;
  stream(run: Run<Methods, AsyncIterable<(string | object)[]>>): Method;
}

/** What makes the methods, or what brings it. */
export type LateCreate<Methods> = () => ((router: Router) => Methods) | Promise<(router: Router) => Methods>;

/** The methods are made once, when the first of them is called, and again where that failed. */
export function lateMethods<Methods extends object>(router: Router, read: LateCreate<Methods>): LateMethods<Methods> {
  let methods: Methods | undefined;
  let making: Promise<Methods> | undefined;

  function use(): Methods | Promise<Methods> {
    if (methods) return methods;
    if (making) return making;
    const create = read();
    if (create instanceof Promise) {
      making = make(create);
      return making;
    }
    methods = create(router);
    return methods;
  }

  async function make(create: Promise<(router: Router) => Methods>): Promise<Methods> {
    try {
      methods = (await create)(router);
      return methods;
    } finally {
      making = undefined;
    }
  }

  return {
    value: (run) => ({ kind: 'value', run: async (params, context) => run(await use(), params, context) }),
    stream: (run) => ({
      kind: 'stream',
      run(params, context) {
        const ready = use();
        return ready instanceof Promise ? later(ready, (made) => run(made, params, context)) : run(ready, params, context);
      },
    }),
  };
}

/** A layer around each batch, which the first calls alone pay. */
async function* later<Methods, Item>(ready: Promise<Methods>, run: (methods: Methods) => AsyncIterable<Item>): AsyncGenerator<Item> {
  yield* run(await ready);
}
