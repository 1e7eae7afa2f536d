import { createGgufReader, GgufError, type GgufReader } from './gguf-reader.ts';
import { scalarBytes, tensorBlocks } from './gguf-types.ts';

export { GgufError };

/** What the head of a GGUF file says. Arrays (the vocabulary) are skipped: they are most of the head and nobody here needs them. */
export interface GgufHeader {
  version: number;
  /** Scalars and strings by key; 64-bit integers as numbers. */
  metadata: Map<string, string | number | boolean>;
  /** Lengths of the arrays by key. */
  arrayLengths: Map<string, number>;
  tensorCount: number;
  /** Where the last tensor ends: a shorter file is cut off. */
  leastBytes: number;
}

/**
 * Reads the head of a GGUF file (github.com/ggml-org/ggml docs/gguf.md, versions 2 and 3) in slices, so that a file of
 * any size costs only its head. Throws GgufError.
 */
export async function readGgufHeader(file: Blob): Promise<GgufHeader> {
  checkMagic(new Uint8Array(await file.slice(0, 512).arrayBuffer()));
  const reader = createGgufReader(file);
  await reader.skip(4);
  const version = await reader.uint32();
  if (version < 2) throw new GgufError('old');
  if (version > 3) throw new GgufError('damaged');
  const tensorCount = await reader.uint64();
  const pairCount = await reader.uint64();
  if (tensorCount > maxEntries || pairCount > maxEntries) throw new GgufError('damaged');
  const metadata: GgufHeader['metadata'] = new Map();
  const arrayLengths: GgufHeader['arrayLengths'] = new Map();
  for (let index = 0; index < pairCount; index++) {
    const key = await reader.string();
    const type = await reader.uint32();
    if (type === arrayType) arrayLengths.set(key, await skipArray(reader));
    else metadata.set(key, await readScalar(reader, type));
  }
  const tensorBytes = await readTensorBytes(reader, tensorCount);
  const alignment = Number(metadata.get('general.alignment') ?? 32) || 32;
  const dataStart = Math.ceil(reader.position() / alignment) * alignment;
  return { version, metadata, arrayLengths, tensorCount, leastBytes: dataStart + tensorBytes };
}

/** Throws GgufError unless `bytes`, the first of a file, open a GGUF. Fewer than four bytes are `cut-off`. */
export function checkMagic(bytes: Uint8Array): void {
  if (bytes.length < 4) throw new GgufError('cut-off');
  if (String.fromCharCode(...bytes.subarray(0, 4)) === 'GGUF') return;
  const start = new TextDecoder().decode(bytes.subarray(0, 512)).trimStart().toLowerCase();
  throw new GgufError(start.startsWith('<!doctype') || start.startsWith('<html') || start.startsWith('<?xml') ? 'html' : 'not-gguf');
}

/** Above any real file; a damaged count would otherwise be believed for minutes. */
const maxEntries = 1_000_000;

const stringType = 8;
const arrayType = 9;
async function readScalar(reader: GgufReader, type: number): Promise<string | number | boolean> {
  if (type === stringType) return reader.string();
  const [view, at] = await reader.take(bytesOf(type));
  switch (type) {
    case 0:
      return view.getUint8(at);
    case 1:
      return view.getInt8(at);
    case 2:
      return view.getUint16(at, true);
    case 3:
      return view.getInt16(at, true);
    case 4:
      return view.getUint32(at, true);
    case 5:
      return view.getInt32(at, true);
    case 6:
      return view.getFloat32(at, true);
    case 7:
      return view.getUint8(at) !== 0;
    case 10:
      return Number(view.getBigUint64(at, true));
    case 11:
      return Number(view.getBigInt64(at, true));
    default:
      return view.getFloat64(at, true);
  }
}

/** Steps over an array and returns its length. */
async function skipArray(reader: GgufReader): Promise<number> {
  const type = await reader.uint32();
  const length = await reader.uint64();
  if (type === stringType) await reader.skipStrings(length);
  else if (type === arrayType) throw new GgufError('damaged');
  else await reader.skip(bytesOf(type) * length);
  return length;
}

/** Bytes from the start of the tensors' data to the end of the last. */
async function readTensorBytes(reader: GgufReader, count: number): Promise<number> {
  let end = 0;
  for (let index = 0; index < count; index++) {
    await reader.skipStrings(1);
    const dimensions = await reader.uint32();
    if (dimensions > 8) throw new GgufError('damaged');
    let values = 1;
    for (let dimension = 0; dimension < dimensions; dimension++) values *= await reader.uint64();
    const [perBlock, blockBytes] = tensorBlocks[await reader.uint32()] ?? [Number.POSITIVE_INFINITY, 1];
    end = Math.max(end, (await reader.uint64()) + Math.ceil(values / perBlock) * blockBytes);
  }
  return end;
}

function bytesOf(type: number): number {
  const bytes = scalarBytes[type];
  if (bytes === undefined) throw new GgufError('damaged');
  return bytes;
}
