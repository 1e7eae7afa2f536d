import { lazy } from '../lazy.ts';
import { addListener, define, preventDefault, removeListener, SafeEventTarget } from '../primordials.ts';
import { isCallable, isObject } from '../read-options.ts';
import { fail } from './errors.ts';
import { apply, getFrom, SafeWeakMap, setIn, setPrototypeOf, toStringTag } from './platform.ts';

export interface Interface {
  prototype: object;
}

/** What an object of ours holds; `kind` is the name of its interface. */
export interface State {
  kind: string;
}

/** Out of reach of every page. */
const states = new SafeWeakMap<object, State>();

/** The state of an object of ours; nothing for anything else. */
export function peek(self: unknown): State | undefined {
  return getFrom(states, self as object) as State | undefined;
}

/** The state of an object of that interface; anything else is an illegal invocation. */
export function stateOf<Kept extends State>(self: unknown, kind: Kept['kind']): Kept {
  const state = peek(self);
  return state?.kind === kind ? (state as Kept) : fail('this');
}

export function keep(self: object, state: State): void {
  setIn(states, self, state);
}

/** An object of an interface whose constructor is not for pages. */
export function make({ prototype }: Interface, state: State, base: object = new SafeEventTarget()): object {
  setPrototypeOf(base, prototype);
  keep(base, state);
  return base;
}

/** Puts a class of that name on the window as Web IDL describes interfaces. `fill` gives it its members once a page looks into it. */
export function expose(scope: object, name: string, ours: Interface, fill: () => void, parent?: Interface): Interface {
  const shown = lazy(ours, () => {
    const { prototype } = ours;
    fill();
    if (parent) {
      setPrototypeOf(ours, parent);
      setPrototypeOf(prototype, parent.prototype);
    }
    define(prototype, 'constructor', { value: shown, writable: true });
    define(prototype, toStringTag, { value: name });
  });
  define(scope, name, { value: shown, writable: true });
  return shown;
}

/** What stands behind an `on…` attribute. */
export interface Handled extends State {
  handler: object | null;
  listener?: ((event: Event) => void) | undefined;
}

/** Sets an `on…` attribute: a listener that keeps its place among the others until it is removed. */
export function setHandler(target: EventTarget, state: Handled, type: string, value: unknown): void {
  const { handler, listener } = state;
  state.handler = isObject(value) ? value : null;
  if (state.handler && !handler) {
    state.listener = (event) => {
      if (isCallable(state.handler) && apply(state.handler, target, [event]) === false) preventDefault(event);
    };
    addListener(target, type, state.listener);
  } else if (!state.handler && listener) removeListener(target, type, listener);
}
