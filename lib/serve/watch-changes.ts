import { watchSettings } from '../connections/store.ts';
import { watchGrants } from '../permissions/grants.ts';

/** Calls back when what a site may use may have changed: grants, pauses, connections, defaults. Returns its undo. */
export function watchChanges(listener: () => void): () => void {
  const undo = [watchGrants(listener), watchSettings(listener)];
  return () => {
    for (const each of undo) each();
  };
}
