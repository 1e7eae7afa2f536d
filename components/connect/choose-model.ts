// The store checks what it reads by the backends' own schemas.
import '../../lib/backends/all.ts';
import type { Defaults } from '../../lib/connections/connection.ts';
import { setDefaults } from '../../lib/connections/store.ts';

/** Makes a model the active one. */
export async function chooseModel(choice: Defaults): Promise<void> {
  await setDefaults(choice);
}
