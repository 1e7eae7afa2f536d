import { asking } from '../state/asking.ts';
import { activeConnection, connections, defaults } from '../state/connections.ts';
import { grants } from '../state/grants.ts';
import { recallModels } from '../state/models.ts';
import { readSite } from '../state/site.ts';

/** Settles when everything that the popup shows first has been read from storage. */
export async function popupReady(): Promise<void> {
  await Promise.allSettled([connections.ready, defaults.ready, grants.ready, asking.ready, readSite()]);
  if (activeConnection.value) await recallModels(activeConnection.value.id);
}
