import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';

/** A component whose code is loaded when it is first wanted. Nothing is shown until then. */
export function lazy(load: () => Promise<ComponentType>): { View: ComponentType; load(): Promise<void> } {
  const loaded = signal<{ Component: ComponentType } | undefined>(undefined);
  let loading: Promise<void> | undefined;
  const start = () => {
    loading ??= load().then((Component) => {
      loaded.value = { Component };
    });
    return loading;
  };

  function View() {
    void start();
    return loaded.value ? <loaded.value.Component /> : null;
  }
  return { View, load: start };
}
