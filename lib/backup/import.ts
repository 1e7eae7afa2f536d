import { browser } from 'wxt/browser';
import { type Chat, getChat, putChats, removeChat } from '../chats/store.ts';
import type { Connection } from '../connections/connection.ts';
import type { Settings } from '../connections/schema.ts';
import { settings } from '../connections/settings.ts';
import { type Grant, subjectName } from '../permissions/grant.ts';
import { lasting } from '../permissions/grant-items.ts';
import type { StoredGrants } from '../permissions/grant-schema.ts';
import { listGrants } from '../permissions/grants.ts';
import type { NativeChoice } from '../permissions/native-choice.ts';
import type { Switches } from '../permissions/switches.ts';
import { requireFeature } from '../policy/require-feature.ts';
import type { JsonObject } from '../protocol/json.ts';
import { createItem } from '../storage/item.ts';
import { updateTogether } from '../storage/together.ts';
import type { Prices } from '../usage/prices.ts';
import type { UsageSettings } from '../usage/settings.ts';
import { fromBase64, toBase64 } from '../vault/base64.ts';
import { sealKeys } from '../vault/portable-keys.ts';
import type { Envelope } from '../vault/seal.ts';
import { adoptSecrets } from '../vault/vault.ts';
import type { Backup } from './backup.ts';
import { adoptChats, missingChats, stageChats } from './chats.ts';
import { type Plan, planImport } from './plan.ts';
import { currentPreferences, preferenceItems, withPreferences } from './preferences.ts';
import { openIfWanted, sealedChats, withHeaders } from './sealed.ts';

/** Connections come in any case; everything else as the user says. */
export interface ImportChoice {
  /** The permissions of sites. */
  withGrants?: boolean;
  /** Prices, caps and switches. */
  withPreferences?: boolean;
  withChats?: boolean;
  /** Keys and extra headers. */
  withKeys?: boolean;
  /** Opens what is sealed. */
  passphrase?: string;
}

export interface Imported {
  connections: number;
  grants: number;
  keys: number;
  /** Connections that got their extra headers back. */
  headers: number;
  chats: number;
  /** Keys of connections that go elsewhere now, or that the backup does not have. */
  droppedKeys: number;
}

/** What importing it would do now. */
export async function planNow(backup: Backup): Promise<Plan> {
  return planImport(backup, await settings.fresh(), (await listGrants()).filter(isLasting), await currentPreferences());
}

/**
 * All of it or nothing: settings, permissions, preferences and the sealed keys go into storage in one write. The way of keys
 * and chats from there to their places is finished by `finishImport`, should the browser die in between. Throws
 * `unauthorized` for a wrong passphrase.
 */
export async function applyImport({ backup }: Plan, choice: ImportChoice): Promise<Imported> {
  await requireFeature('backup');
  const plan = await planNow(backup);
  const opened = await openIfWanted(plan, choice);
  const { wanted, headers } = withHeaders(plan, choice.withKeys ? opened : undefined);
  const grants = choice.withGrants ? plan.grants.map(({ grant }) => grant) : [];
  const keys =
    choice.withKeys && opened
      ? await sealKeys(
          opened,
          plan.connections.map(({ connection }) => connection),
        )
      : { sealed: [], dropped: 0 };
  const chats = choice.withChats ? await missingChats([...plan.chats, ...sealedChats(opened)]) : [];
  const added = (choice.withPreferences && plan.preferences?.added) || {};
  const dropped = plan.connections.filter(({ dropsKey }) => dropsKey).map(({ connection }) => connection.id);
  const sealed = keys.sealed.map(([key, envelope]): [string, TextEnvelope] => [key, toText(envelope)]);
  const undoChats = await chatsBefore(chats);
  if (chats.length > 0) await stageChats(chats);

  let before: (() => Values) | undefined;
  const { prices, spending, switches, native } = preferenceItems;
  const put = (make: (values: Values) => Values, staged: Staged | null) =>
    updateTogether<Values>([settings, lasting, prices, spending, switches, native], make, { [pending.key]: { v: 1, value: staged } });
  await put(
    (values) => {
      before = () => values;
      const [connections, held, ...rest] = values;
      const [prices, spending, switches, native] = rest;
      const then = withPreferences({ prices, spending, switches, native }, added);
      return [
        withConnections(connections, wanted, backup),
        grants.length > 0 ? { ...held, grants: withGrantsOf(held.grants, grants) } : held,
        added.prices ? then.prices : prices,
        added.spending ? then.spending : spending,
        added.switches ? then.switches : switches,
        added.native ? then.native : native,
      ];
    },
    { dropped, sealed, ...(chats.length > 0 && { hasChats: true }) },
  );
  await finishImport().catch(async (error: unknown) => {
    if (before) await put(before, null);
    await undoChats();
    throw error;
  });
  return {
    connections: wanted.length,
    grants: grants.length,
    keys: sealed.length,
    headers,
    chats: chats.length,
    droppedKeys: keys.dropped,
  };
}

/** Puts keys and chats of an import that was cut off where they belong. For our pages, when they open. */
export async function finishImport(): Promise<void> {
  await navigator.locks.request('switchboard:import', async () => {
    const staged = await pending.item.fresh();
    if (!staged) return;
    if (staged.hasChats) await adoptChats();
    await adoptSecrets(
      staged.sealed.map(([key, envelope]): [string, Envelope] => [key, ofText(envelope)]),
      staged.dropped,
    );
    await browser.storage.local.remove(pending.key);
    if (staged.hasChats) await stageChats([]);
  });
}

/** Puts those chats back as they are now. */
async function chatsBefore(chats: Chat[]): Promise<() => Promise<void>> {
  const before = await Promise.all(chats.map(({ id }) => getChat(id)));
  return async () => {
    await putChats(before.filter((chat) => chat !== undefined));
    for (const [index, { id }] of chats.entries()) if (!before[index]) await removeChat(id);
    await stageChats([]);
  };
}

type Values = [Settings, StoredGrants, Prices, UsageSettings, Switches, NativeChoice];

function withConnections(value: Settings, wanted: Connection[], { defaults }: Backup): Settings {
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
  /** Chats wait beside it (chats.ts). */
  hasChats?: boolean;
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
