import { type ReadonlySignal, signal } from '@preact/signals';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';

/** Something kept in storage, as a signal. `undefined` until it was read; `failed` says why it could not be. */
export interface Stored<Value> {
  value: ReadonlySignal<Value | undefined>;
  failed: ReadonlySignal<ErrorData | undefined>;
  /** Settles after the first reading, whether or not it worked. */
  ready: Promise<void>;
  /** Reads again now, for whoever changed it and cannot wait for the word of the change. */
  read(): Promise<void>;
  stop(): void;
}

/** Reads at once, and again whenever `watch` says that something changed. */
export function stored<Value>(load: () => Promise<Value>, watch: (onChange: () => void) => () => void): Stored<Value> {
  const value = signal<Value | undefined>(undefined);
  const failed = signal<ErrorData | undefined>(undefined);
  let latest = 0;

  async function read(): Promise<void> {
    latest += 1;
    const mine = latest;
    try {
      const loaded = await load();
      if (mine !== latest) return;
      value.value = loaded;
      failed.value = undefined;
    } catch (thrown) {
      if (mine === latest) failed.value = errorData(toSwitchboardError(thrown));
    }
  }

  const stop = watch(() => void read());
  return { value, failed, ready: read(), read, stop };
}
