import type { CallContext, Method } from './method.ts';

type Run<Methods, Result> = (methods: Methods, params: unknown, context: CallContext) => Result;

/** Makes entries of a method table out of methods whose code may come late. */
export interface LateMethods<Methods> {
  value(run: Run<Methods, Promise<unknown>>): Method;
  stream(run: Run<Methods, AsyncIterable<(string | object)[]>>): Method;
}

/** The methods are made once, when the first of them is called, and again where that failed. */
export function lateMethods<Methods extends object>(make: () => Methods | Promise<Methods>): LateMethods<Methods> {
  let methods: Methods | undefined;
  let making: Promise<Methods> | undefined;

  function use(): Methods | Promise<Methods> {
    const ready = methods ?? making ?? make();
    if (ready instanceof Promise) making ??= keep(ready);
    else methods = ready;
    return making ?? ready;
  }

  async function keep(made: Promise<Methods>): Promise<Methods> {
    try {
      methods = await made;
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
