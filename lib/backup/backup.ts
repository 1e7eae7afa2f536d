import * as z from 'zod/mini';
import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { lazy, parse } from '../protocol/parse.ts';
import { problemOf } from '../serve/read-call.ts';
import { type PortableKeys, portableKeysSchema } from '../vault/portable-keys.ts';

/** A file with what the user set up, allowed and, if they want, said. Secrets are in it only under a passphrase. */
export interface Backup {
  format: typeof format;
  /** 1 had no preferences and no chats. */
  version: 1 | typeof version;
  /** Version of the Switchboard that made it. */
  madeBy: string;
  /** ISO 8601. */
  madeAt: string;
  connections: JsonObject[];
  defaults?: { connectionId: string; model?: string };
  /** Lasting ones: always and block. */
  grants: JsonObject[];
  /** Prices, caps and switches (preferences.ts). */
  preferences?: JsonObject;
  /** In clear, where there is no passphrase; under it with the keys where there is one. */
  chats?: JsonObject[];
  keys?: PortableKeys;
  /** How much is sealed in `keys`, so that an import can say so before it is opened. */
  sealed?: { keys: number; headers: number; chats: number };
}

export const format = 'switchboard-backup';
export const version = 2;

const megabyte = 1024 * 1024;
/** Chats may hold pictures. */
export const maxBytes = 64 * megabyte;
/** What so many bytes can hold in honest files; a value is some sixteen of them at least. */
const maxValues = 4_000_000;

/** The backup in a file's bytes. Throws `bad-request` with what is wrong with it, in the user's words; nothing of it is trusted yet. */
export function readBackup(bytes: Uint8Array): Backup {
  if (bytes.length > maxBytes) throw bad(tooLarge);
  const value = parseJson(textOf(bytes));
  const head = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<keyof Backup, unknown>>;
  if (!Object.hasOwn(head, 'format') || head.format !== format)
    throw bad('This file is not a backup of Switchboard. Choose the file that was saved here.');
  if (typeof head.version === 'number' && head.version > version) {
    const maker = typeof head.madeBy === 'string' ? ` (${head.madeBy.slice(0, 20)})` : '';
    throw new SwitchboardError('not-supported', `A newer Switchboard${maker} made this backup. Update the extension, then import it.`);
  }
  const problem = problemOf(value, maxValues);
  if (problem !== undefined) throw bad('This backup was tampered with: it holds what Switchboard never writes.');
  return parse(schema, value, 'Backup') as Backup;
}

function textOf(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw bad('This file is UTF-16 text. Save it as UTF-8, or choose the file as it was saved here.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw bad('This file is not text. Choose the file that was saved here.');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad('This file is damaged or not a backup of Switchboard: it cannot be read to its end.');
  }
}

const schema = lazy(() => {
  const object = z.record(z.string(), z.json());
  const text = z.string().check(z.maxLength(200));
  return z.object({
    format: z.literal(format),
    version: z.union([z.literal(1), z.literal(version)]),
    madeBy: text,
    madeAt: text,
    // What is in them is read one by one, so that a damaged one is told and the others are not lost.
    connections: z.array(object).check(z.maxLength(1_000)),
    defaults: z.exactOptional(z.object({ connectionId: z.string(), model: z.exactOptional(z.string()) })),
    grants: z.array(object).check(z.maxLength(10_000)),
    preferences: z.exactOptional(object),
    chats: z.exactOptional(z.array(object).check(z.maxLength(100_000))),
    keys: z.exactOptional(portableKeysSchema()),
    sealed: z.exactOptional(z.object({ keys: z.number(), headers: z.number(), chats: z.number() })),
  });
});

/** Of a file to read, and of one that would be written. */
export const tooLarge = `A backup of Switchboard is at most ${maxBytes / megabyte} MB, and this one is larger. Save it without chats, or delete some with many pictures.`;

export function bad(message: string): SwitchboardError {
  return new SwitchboardError('bad-request', message);
}
