import { define, give, SafePromise, slice } from '../primordials.ts';
import { fail } from './errors.ts';
import { expose, type Handled, type Interface, setHandler, stateOf } from './interfaces.ts';

/** Operations take the arguments as the page gave them. */
type Members = Handled & Record<string, (given: IArguments) => unknown>;

/** What an interface has. Attributes are read-only, but for one whose name begins with `on`. */
export type Shape = [attributes: string[], operations?: string[], statics?: object];

/**
 * Puts an interface that pages cannot construct on the window. What its operations and attributes do and tell, the state
 * of an object has under the same names. `describe` is asked when a page first looks into it.
 */
export function exposeInterface(scope: object, name: string, describe: () => Shape, parent?: Interface): Interface {
  // A class that is named by its place has the name that pages see.
  const Own = {
    [name]: class {
      constructor() {
        fail(`new ${name}`);
      }
    },
  }[name] as Interface;
  return expose(scope, name, Own, () => fill(Own, name, describe()), parent);
}

/** Gives a class its members. */
export function fill(Own: Interface, name: string, shape: Shape): void {
  const attributes = shape[0];
  const operations = shape[1] ?? [];
  const { prototype } = Own;
  const here = (self: unknown) => stateOf<Handled>(self, name) as Members;
  for (let index = 0; index < operations.length; index++) {
    const key = operations[index] as string;
    const isDestroy = key === 'destroy';
    const isSimple = isDestroy || slice(key, -3) === 'ing';
    const operation = {
      [key](_input: unknown) {
        // biome-ignore lint/complexity/noArguments: a rest parameter would change the length that pages see
        const call = () => here(this)[key]?.(arguments);
        return isSimple ? call() : promised(call);
      },
    };
    if (isDestroy || key === 'clone') define(operation[key] as object, 'length', { value: 0 });
    give(prototype, operation);
  }
  for (let index = 0; index < attributes.length; index++) {
    const key = attributes[index] as string;
    const type = slice(key, 2);
    const isHandler = key === `on${type}`;
    const attribute = {
      get [key](): unknown {
        return here(this)[isHandler ? 'handler' : key];
      },
      set [key](value: unknown) {
        setHandler(this as unknown as EventTarget, here(this), type, value);
      },
    };
    if (!isHandler) define(attribute, key, { set: undefined } as object);
    give(prototype, attribute);
  }
  give(Own, shape[2] ?? {});
}

/** What throws, rejects, and at once: in a frame that is gone Firefox runs no more continuations. */
function promised<T>(work: () => T): T | Promise<T> {
  try {
    return work();
  } catch (error) {
    return new SafePromise<T>((_, reject) => reject(error));
  }
}
