import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Connection } from '../../lib/connections/connection.ts';
import { request } from '../../lib/panel/background.ts';
import type { EngineAbility } from '../../lib/panel/methods.ts';

/** What a saved connection's server can be asked to do; nothing while that is not known. */
export function useAbilities(connection: Connection | undefined): readonly EngineAbility[] {
  const abilities = useSignal<EngineAbility[]>([]);
  useEffect(() => {
    if (!connection) return;
    request('connections.abilities', { connectionId: connection.id }).then(
      (known) => (abilities.value = known),
      () => (abilities.value = []),
    );
  }, [connection]);
  return abilities.value;
}
