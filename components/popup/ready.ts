import { asking } from '../state/asking.ts';
import { activeConnection, connectionsReady } from '../state/connections.ts';
import { grants } from '../state/grants.ts';
import { recallModels } from '../state/models.ts';
import { readSite } from '../state/site.ts';
import { switches } from '../state/switches.ts';
import { FirstRun } from './popup.tsx';

/** Settles when everything that the popup shows first is there. */
export async function popupReady(): Promise<void> {
  await Promise.allSettled([connectionsReady, grants.ready, asking.ready, switches.ready, readSite()]);
  if (activeConnection.value) await recallModels(activeConnection.value.id);
  else await FirstRun.load();
}
