import { define, defineProperty, descriptorOf, SafePromise } from '../primordials.ts';
import { fail } from './errors.ts';
import { expose, type Handled, type Interface, setHandler, stateOf } from './interfaces.ts';

/** Operations take the arguments as the page gave them. */
type Members = Handled & Record<string, (given: IArguments) => unknown>;

/**
 * Puts an interface that pages cannot construct on the window. What its operations and attributes do and tell, the state
 * of an object has under the same names; attributes are read-only, but for the one whose name begins with `on`. Every
 * page pays for each step taken here.
 */
export function exposeInterface(
  scope: object,
  name: string,
  operations: string[],
  attributes: string[],
  statics: object = {},
  parent?: Interface,
): Interface {
  // A class that is named by its place has the name that pages see.
  const Own = {
    [name]: class {
      constructor() {
        fail(`new ${name}`);
      }
    },
  }[name] as Interface;
  const prototype = Own.prototype as Record<string, object>;
  const here = (self: unknown) => stateOf<Handled>(self, name) as Members;
  for (const key of operations) {
    const isDestroy = key === 'destroy';
    const isSimple = isDestroy || key.endsWith('ing');
    const operation = {
      [key](_input: unknown) {
        // biome-ignore lint/complexity/noArguments: a rest parameter would change the length that pages see
        const call = () => here(this)[key]?.(arguments);
        return isSimple ? call() : promised(call);
      },
    }[key] as object;
    if (isDestroy || key === 'clone') define(operation, 'length', { value: 0 });
    prototype[key] = operation;
  }
  for (const key of attributes) {
    const type = key.slice(2);
    const isHandler = key === `on${type}`;
    const attribute = {
      get [key](): unknown {
        return here(this)[isHandler ? 'handler' : key];
      },
      set [key](value: unknown) {
        setHandler(this as unknown as EventTarget, here(this), type, value);
      },
    };
    const descriptor = descriptorOf(attribute, key) as PropertyDescriptor;
    if (!isHandler) delete descriptor.set;
    defineProperty(prototype, key, descriptor);
  }
  return expose(scope, name, Object.assign(Own, statics), parent);
}

/** What throws, rejects, and at once: in a frame that is gone Firefox runs no more continuations. */
function promised<T>(work: () => T): T | Promise<T> {
  try {
    return work();
  } catch (error) {
    return new SafePromise<T>((_, reject) => reject(error));
  }
}
