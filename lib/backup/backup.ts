import * as z from 'zod/mini';
import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { lazy, parse } from '../protocol/parse.ts';
import { problemOf } from '../serve/read-call.ts';
import { type PortableKeys, portableKeysSchema } from '../vault/portable-keys.ts';

/** A file with the user's connections and the sites they allowed. Keys are in it only under a passphrase. */
export interface Backup {
  format: typeof format;
  version: typeof version;
  /** Version of the Switchboard that made it. */
  madeBy: string;
  /** ISO 8601. */
  madeAt: string;
  connections: JsonObject[];
  defaults?: { connectionId: string; model?: string };
  /** Lasting ones: always and block. */
  grants: JsonObject[];
  keys?: PortableKeys;
}

export const format = 'switchboard-backup';
export const version = 1;

const megabyte = 1024 * 1024;
export const maxBytes = 16 * megabyte;

/** The backup in a file's bytes. Throws `bad-request` with what is wrong with it, in the user's words; nothing of it is trusted yet. */
export function readBackup(bytes: Uint8Array): Backup {
  if (bytes.length > maxBytes) throw bad(`This file is larger than ${maxBytes / megabyte} MB. A backup of Switchboard never is.`);
  const value = parseJson(textOf(bytes));
  const head = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<keyof Backup, unknown>>;
  if (!Object.hasOwn(head, 'format') || head.format !== format)
    throw bad('This file is not a backup of Switchboard. Choose the file that was saved here.');
  if (typeof head.version === 'number' && head.version > version) {
    const maker = typeof head.madeBy === 'string' ? ` (${head.madeBy.slice(0, 20)})` : '';
    throw new SwitchboardError('not-supported', `A newer Switchboard${maker} made this backup. Update the extension, then import it.`);
  }
  const problem = problemOf(value);
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
    version: z.literal(version),
    madeBy: text,
    madeAt: text,
    // What is in them is read one by one, so that a damaged one is told and the others are not lost.
    connections: z.array(object).check(z.maxLength(1_000)),
    defaults: z.exactOptional(z.object({ connectionId: z.string(), model: z.exactOptional(z.string()) })),
    grants: z.array(object).check(z.maxLength(10_000)),
    keys: z.exactOptional(portableKeysSchema()),
  });
});

export function bad(message: string): SwitchboardError {
  return new SwitchboardError('bad-request', message);
}
