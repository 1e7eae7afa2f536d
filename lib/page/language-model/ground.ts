import { toJson } from '../plain-json.ts';
import {
  abortReason,
  addListener,
  closeOn,
  define,
  dispatch,
  enqueueOn,
  failOn,
  getter,
  isAborted,
  parseJson,
  quote,
  SafeDOMException,
  SafeEvent,
  SafePromise,
  SafeReadableStream,
  tagOf,
  uncurry,
} from '../primordials.ts';
import { constructors, exception } from './errors.ts';
import { keep, make, peek, stateOf } from './interfaces.ts';
import { report } from './monitor.ts';
import { readers, signal } from './options.ts';
import { append, apply, iteratorKey, stringify, toStringTag } from './platform.ts';
import { boolean, dictionary, object, string } from './webidl.ts';

const abortController = AbortController.prototype;
const regExp = RegExp.prototype;

/**
 * What the late part of LanguageModel stands on. By the time that one is read a page may have replaced anything, so it
 * takes nothing from the window and everything from here, but for pictures and sound (late/media.ts). A bare list: names would cost bytes in every page, and
 * late/platform.ts gives them, in this order.
 */
export const ground = [
  abortReason,
  addListener,
  append,
  apply,
  boolean,
  constructors,
  define,
  dictionary,
  dispatch,
  exception,
  isAborted,
  iteratorKey,
  keep,
  make,
  object,
  parseJson,
  peek,
  quote,
  readers,
  report,
  signal,
  stateOf,
  string,
  stringify,
  tagOf,
  toJson,
  toStringTag,
  SafeDOMException,
  SafeEvent,
  SafePromise,
  SafeReadableStream,
  AbortController,
  AbortSignal.any.bind(AbortSignal),
  getter<AbortSignal>(abortController, 'signal'),
  uncurry(abortController.abort),
  getter<string>(regExp, 'source'),
  getter<string>(regExp, 'flags'),
  enqueueOn,
  closeOn,
  failOn,
  getter<number>(ReadableStreamDefaultController.prototype, 'desiredSize'),
  setTimeout,
] as const;

export type Ground = typeof ground;
