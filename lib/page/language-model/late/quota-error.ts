import type { State } from '../interfaces.ts';
import type { Convert } from '../webidl.ts';
import { platform } from './platform.ts';

interface Quota extends State {
  quota?: number | undefined;
  requested?: number | undefined;
}

const amount: Convert<number> = (value, place) => {
  const number = +(value as number);
  if (number >= 0 && number < Infinity) return number;
  throw platform.exception({ name: number < 0 ? 'RangeError' : 'TypeError', message: `${place} is not what it should be.` });
};

/** Puts the QuotaExceededError of Web IDL on the window of a browser that does not have it yet. */
export function exposeQuotaError(scope: object): void {
  const { constructors, SafeDOMException, define, dictionary, exception, keep, stateOf, string, toStringTag } = platform;
  if (constructors.QuotaExceededError) return;
  const kind = 'QuotaExceededError';
  const readOptions = dictionary({ 'quota?': amount, 'requested?': amount });

  class QuotaExceededError extends SafeDOMException {
    constructor(message: unknown = '', options: unknown = {}) {
      super(string(message, 'message'), kind);
      const { quota, requested } = readOptions(options, 'options');
      if (quota !== undefined && requested !== undefined && requested < quota) {
        throw exception({ name: 'RangeError', message: 'requested is less than quota.' });
      }
      keep(this, { kind, quota, requested } as Quota);
    }
    get quota() {
      return stateOf<Quota>(this, kind).quota ?? null;
    }
    get requested() {
      return stateOf<Quota>(this, kind).requested ?? null;
    }
  }
  define(QuotaExceededError, 'name', { value: kind });
  define(QuotaExceededError.prototype, 'quota', { enumerable: true });
  define(QuotaExceededError.prototype, 'requested', { enumerable: true });
  define(QuotaExceededError.prototype, toStringTag, { value: kind });
  define(scope, kind, { value: QuotaExceededError, writable: true });
  constructors.QuotaExceededError = QuotaExceededError;
}
