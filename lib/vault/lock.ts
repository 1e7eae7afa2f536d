import { SwitchboardError } from '../protocol/errors.ts';
import { createItem } from '../storage/item.ts';
import { fromBase64 } from './base64.ts';
import { keyOf } from './seal.ts';

/** When an open vault closes by itself. Closing the browser closes it in any case. */
export interface LockPolicy {
  /** Without any use; 0 means only when the browser closes. */
  afterMinutes: number;
  /** Also when the computer is locked, or nobody touched it for five minutes. */
  onIdle: boolean;
}

/** The data key of an open vault: in memory and `storage.session` alone, which neither disk nor content scripts see. */
interface Opened {
  /** Row of the key. */
  name: string;
  /** Base64 of 32 bytes; Chromium's session storage keeps no CryptoKey. */
  raw: string;
  /** Last use, ms since 1970. */
  at: number;
}

const opened = createItem<Opened | null>({
  area: 'session',
  key: 'vault.open',
  fallback: null,
  parse: (stored) => (stored === null ? null : { ...(stored as Opened) }),
});

const usual: LockPolicy & { key?: string } = { afterMinutes: 30, onIdle: false };

/** `key`: the vault's passphrase row, absent where there is no passphrase. Only a hint for who shows it: the rows decide. */
const policy = createItem<typeof usual>({
  area: 'local',
  key: 'vault.lock',
  fallback: usual,
  parse: (stored) => ({ ...usual, ...(stored as Partial<LockPolicy>) }),
});

export type LockState = 'none' | 'locked' | 'open';

/** Whether there is a passphrase, and whether it was entered. */
export async function lockState(): Promise<LockState> {
  const { key } = await policy.get();
  if (key === undefined) return 'none';
  return (await openRecord(key)) ? 'open' : 'locked';
}

export async function getLockPolicy(): Promise<LockPolicy> {
  const { afterMinutes, onIdle } = await policy.get();
  return { afterMinutes, onIdle };
}

export async function setLockPolicy(wanted: LockPolicy): Promise<void> {
  await policy.update((value) => ({ ...value, ...wanted }));
}

/** Says in all contexts which passphrase row there is now. */
export async function announceLock(key: string | undefined): Promise<void> {
  await policy.update(({ afterMinutes, onIdle }) => ({ afterMinutes, onIdle, ...(key !== undefined && { key }) }));
}

/** The data key of that row. Throws `locked` where the passphrase has not been entered. */
export async function openKey(name: string): Promise<CryptoKey> {
  const record = await openRecord(name);
  if (!record) throw locked();
  if (Date.now() - record.at > touchMs) void opened.update((now) => now && { ...now, at: Date.now() }).catch(() => {});
  return await keyOf(fromBase64(record.raw));
}

/** Whether what that row sealed may be used now. The device's own key opens by itself, until there is a passphrase. */
export async function isOpen(name: string): Promise<boolean> {
  return name === 'device' ? (await policy.get()).key === undefined : (await openRecord(name)) !== undefined;
}

/** Keeps the data key until something locks. */
export async function open(name: string, raw: string): Promise<void> {
  await opened.update(() => ({ name, raw, at: Date.now() }));
}

/** Forgets the data key everywhere. Answers that are being written may finish. */
export async function lock(): Promise<void> {
  await opened.update(() => null);
}

/** Locks when nothing was used for long enough; says when to look again (ms since 1970), absent where never. */
export async function lockWhenDue(now = Date.now()): Promise<number | undefined> {
  const [record, { afterMinutes }] = [await opened.fresh(), await policy.fresh()];
  if (!record || afterMinutes === 0) return undefined;
  if (isInUse(record, afterMinutes, now)) return record.at + afterMinutes * 60_000;
  await lock();
  return undefined;
}

/** Calls back when the vault was opened, locked, or its rules changed; returns its undo. */
export function watchLock(listener: () => void): () => void {
  const undo = [opened.watch(listener), policy.watch(listener)];
  return () => {
    for (const each of undo) each();
  };
}

export function locked(): SwitchboardError {
  return new SwitchboardError('locked', 'Your keys are locked. Open Switchboard and enter your passphrase.');
}

/** Session storage is written for use at most that often. */
const touchMs = 30_000;
/** Clocks are corrected by seconds; one that goes back further locks. */
const clockSlackMs = 60_000;

async function openRecord(name: string): Promise<Opened | undefined> {
  const [known, { afterMinutes }] = await Promise.all([opened.get(), policy.get()]);
  const fits = (record: Opened | null) => record?.name === name && isInUse(record, afterMinutes, Date.now());
  // What another page of ours has just opened may not have come round yet, so nobody is refused from memory.
  const record = fits(known) ? known : await opened.fresh();
  return record && fits(record) ? record : undefined;
}

function isInUse({ at }: Opened, afterMinutes: number, now: number): boolean {
  return now > at - clockSlackMs && (afterMinutes === 0 || now < at + afterMinutes * 60_000);
}
