import { browser } from 'wxt/browser';
import type { Settings } from '../connections/schema.ts';
import { settings } from '../connections/settings.ts';
import { type Grant, subjectName } from '../permissions/grant.ts';
import { lasting } from '../permissions/grant-items.ts';
import { listGrants } from '../permissions/grants.ts';
import { requireFeature } from '../policy/require-feature.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { createItem, updateTogether } from '../storage/item.ts';
import { attempt } from '../vault/attempts.ts';
import { fromBase64, toBase64 } from '../vault/base64.ts';
import { sealKeys } from '../vault/portable-keys.ts';
import type { Envelope } from '../vault/seal.ts';
import { adoptSecrets } from '../vault/vault.ts';
import type { Backup } from './backup.ts';
import { type Plan, planImport } from './plan.ts';

export interface ImportChoice {
  /** Also the permissions of sites. */
  withGrants: boolean;
  /** Also the keys, which this passphrase opens. */
  passphrase?: string;
}

export interface Imported {
  connections: number;
  grants: number;
  keys: number;
  /** Keys of connections that go elsewhere now, or that the backup does not have. */
  droppedKeys: number;
}

/** What importing it would do now. */
export async function planNow(backup: Backup): Promise<Plan> {
  return planImport(backup, await settings.fresh(), (await listGrants()).filter(isLasting));
}

/**
 * All of it or nothing: settings, permissions and the sealed keys go into storage in one write. The keys' way from there
 * into the vault is finished by `finishImport`, should the browser die in between. Throws `unauthorized` for a wrong passphrase.
 */
export async function applyImport({ backup }: Plan, { withGrants, passphrase }: ImportChoice): Promise<Imported> {
  await requireFeature('backup');
  const plan = await planNow(backup);
  const wanted = plan.connections.filter(({ kind }) => kind !== 'same').map(({ connection }) => connection);
  const grants = withGrants ? plan.grants.map(({ grant }) => grant) : [];
  const keys = await openKeys(plan, passphrase);
  const dropped = plan.connections.filter(({ dropsKey }) => dropsKey).map(({ connection }) => connection.id);
  const staged: Staged = { dropped, sealed: keys.sealed.map(([key, envelope]) => [key, toText(envelope)]) };

  let before: { connections: Settings; grants: Grant[] } | undefined;
  await updateTogether(
    settings,
    lasting,
    (connections, held) => {
      before = { connections, grants: held.grants };
      return [withConnections(connections, wanted, backup), { ...held, grants: withGrantsOf(held.grants, grants) }];
    },
    { [pending.key]: { v: 1, value: staged } },
  );
  await finishImport().catch(async (error: unknown) => {
    const known = before;
    if (known)
      await updateTogether(settings, lasting, (_, held) => [known.connections, { ...held, grants: known.grants }], {
        [pending.key]: { v: 1, value: null },
      });
    throw error;
  });
  return { connections: wanted.length, grants: grants.length, keys: keys.sealed.length, droppedKeys: keys.dropped };
}

/** Puts the keys of an import that was cut off into the vault. For our pages, when they open. */
export async function finishImport(): Promise<void> {
  await navigator.locks.request('switchboard:import', async () => {
    const staged = await pending.item.fresh();
    if (!staged) return;
    await adoptSecrets(
      staged.sealed.map(([key, envelope]): [string, Envelope] => [key, ofText(envelope)]),
      staged.dropped,
    );
    await browser.storage.local.remove(pending.key);
  });
}

async function openKeys({ backup, connections }: Plan, passphrase: string | undefined) {
  if (!backup.keys || passphrase === undefined) return { sealed: [], dropped: 0 };
  const { keys } = backup;
  const opened = await attempt(() =>
    sealKeys(
      keys,
      passphrase,
      connections.map(({ connection }) => connection),
    ),
  );
  if (opened) return opened;
  throw new SwitchboardError(
    'unauthorized',
    'This passphrase does not open the keys of the backup. Nothing was imported; try again, or import without the keys.',
  );
}

function withConnections(value: Settings, wanted: Plan['connections'][number]['connection'][], { defaults }: Backup): Settings {
  const byId = new Map(wanted.map((connection) => [connection.id, structuredClone(connection) as unknown as JsonObject]));
  const kept = value.connections.map((stored) => {
    const next = byId.get(stored.id as string);
    byId.delete(stored.id as string);
    return next ?? stored;
  });
  const connections = [...kept, ...byId.values()];
  const isThere = connections.some(({ id }) => id === defaults?.connectionId);
  const chosen = value.defaults ?? (isThere ? defaults : undefined);
  return { ...value, connections, ...(chosen && { defaults: chosen }) };
}

function withGrantsOf(held: Grant[], added: Grant[]): Grant[] {
  const names = new Set(added.map(subjectName));
  return [...held.filter((grant) => !names.has(subjectName(grant))), ...added];
}

function isLasting({ decision }: Grant): boolean {
  return decision === 'always' || decision === 'block';
}

/** Sealed keys on their way. */
interface Staged {
  sealed: [key: string, envelope: TextEnvelope][];
  dropped: string[];
}

type TextEnvelope = Omit<Envelope, 'iv' | 'ct'> & { iv: string; ct: string };

const pending = {
  key: 'backup.pending',
  item: createItem<Staged | null>({ area: 'local', key: 'backup.pending', fallback: null, parse: (stored) => stored as Staged | null }),
};

function toText(envelope: Envelope): TextEnvelope {
  return { ...envelope, iv: toBase64(envelope.iv), ct: toBase64(envelope.ct) };
}

function ofText(envelope: TextEnvelope): Envelope {
  return { ...envelope, iv: fromBase64(envelope.iv), ct: fromBase64(envelope.ct) };
}
