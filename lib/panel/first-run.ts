import { listConnections, saveConnection, setDefaults } from '../connections/store.ts';

/**
 * The way on that needs nothing: Pocket, the demo model in the package, as the active model. Returns the connection's id,
 * the same one however often it is called.
 */
export async function connectDemoModel(): Promise<string> {
  const known = (await listConnections()).find(({ backend, model }) => backend === 'ondevice' && model === demo.model);
  const id = known?.id ?? (await saveConnection(demo));
  await setDefaults({ connectionId: id, model: demo.model });
  return id;
}

const demo = { backend: 'ondevice', name: 'Pocket (demo model)', model: 'pocket' } as const;
