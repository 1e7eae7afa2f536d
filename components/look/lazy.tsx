import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';

/** A component whose code is loaded when it is first wanted. Nothing is shown until then. */
export function lazy<Props extends object = Record<never, never>>(
  load: () => Promise<ComponentType<Props>>,
): { View: ComponentType<Props>; load(): Promise<void> } {
  const loaded = signal<{ Component: ComponentType<Props> } | undefined>(undefined);
  let loading: Promise<void> | undefined;
  const start = () => {
    loading ??= load().then((Component) => {
      loaded.value = { Component };
    });
    return loading;
  };

  function View(props: Props) {
    void start();
    return loaded.value ? <loaded.value.Component {...props} /> : null;
  }
  return { View, load: start };
}
