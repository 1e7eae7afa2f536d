import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Detected } from '../../lib/backends/backend.ts';
import { request } from '../../lib/panel/background.ts';

/** Looks for model servers on this computer; `undefined` while it looks. */
export function useDiscovery(): { found: Detected[] | undefined; again(): void } {
  const found = useSignal<Detected[] | undefined>(undefined);
  const look = () => {
    found.value = undefined;
    void request('connections.discover', {}).then(
      (servers) => (found.value = servers),
      () => (found.value = []),
    );
  };
  useEffect(look, []);
  return { found: found.value, again: look };
}
