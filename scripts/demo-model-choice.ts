import { kit } from '../lib/backends/all.ts';
import type { BackendId } from '../lib/backends/backend.ts';

export interface DemoModel {
  label: string;
  /** As `switchboard.connections.save` takes it; absent for Pocket, which the extension connects by itself. */
  connection?: { backend: BackendId; name: string; config: { baseUrl?: string }; model?: string };
  secret?: string;
}

const pocket: DemoModel = { label: 'Pocket (demo model)' };

/** Pocket, or what answers at the address. Throws with the next step where nothing does. */
export async function chooseModel(address: string | undefined, wanted: string | undefined): Promise<DemoModel> {
  if (address === undefined) return pocket;
  const secret = process.env.SWITCHBOARD_KEY;
  const [found] = await kit.detect(address, { signal: AbortSignal.timeout(20_000), ...(secret !== undefined && { key: secret }) });
  if (!found) throw new Error(`Nothing that Switchboard knows answers at ${address}. Is the server running? Is that its address?`);
  if (found.needsKey && secret === undefined)
    throw new Error(`The server at ${found.baseUrl} wants a key. Put it in SWITCHBOARD_KEY and start again.`);
  const model = wanted ?? found.models[0]?.id;
  const label = [found.version ?? found.backend, 'at', found.baseUrl, ...(model === undefined ? [] : [`(${model})`])].join(' ');
  return {
    label,
    connection: { backend: found.backend, name: label, config: { baseUrl: found.baseUrl }, ...(model !== undefined && { model }) },
    ...(secret !== undefined && { secret }),
  };
}
