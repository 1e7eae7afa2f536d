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

/** The file is not a GGUF this code can read; `reason` tells which. */
export class GgufError extends Error {
  override readonly name = 'GgufError';
  readonly reason: 'not-gguf' | 'html' | 'old' | 'cut-off' | 'damaged';

  constructor(reason: GgufError['reason']) {
    super(`GGUF: ${reason}`);
    this.reason = reason;
  }
}

/**
 * Reads the head of a GGUF file (github.com/ggml-org/ggml docs/gguf.md, versions 2 and 3) in slices, so that a file of
 * any size costs only its head. Throws GgufError.
 */
export async function readGgufHeader(file: Blob): Promise<GgufHeader> {
  checkMagic(new Uint8Array(await file.slice(0, 512).arrayBuffer()));
  const reader = createReader(file);
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
const maxStringBytes = 16 * 1024 * 1024;
const sliceBytes = 1024 * 1024;

const stringType = 8;
const arrayType = 9;
/** Bytes of each scalar type, by its number in the format. */
const scalarBytes: Record<number, number> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/** Values and bytes of a block, by the number of the tensor's type (ggml.h, ggml-common.h). Of one that is missing only the start is checked. */
const tensorBlocks: Record<number, [values: number, bytes: number]> = {
  0: [1, 4], // F32
  1: [1, 2], // F16
  2: [32, 18], // Q4_0
  3: [32, 20], // Q4_1
  6: [32, 22], // Q5_0
  7: [32, 24], // Q5_1
  8: [32, 34], // Q8_0
  10: [256, 84], // Q2_K
  11: [256, 110], // Q3_K
  12: [256, 144], // Q4_K
  13: [256, 176], // Q5_K
  14: [256, 210], // Q6_K
  16: [256, 66], // IQ2_XXS
  17: [256, 74], // IQ2_XS
  18: [256, 98], // IQ3_XXS
  19: [256, 50], // IQ1_S
  20: [32, 18], // IQ4_NL
  21: [256, 110], // IQ3_S
  22: [256, 82], // IQ2_S
  23: [256, 136], // IQ4_XS
  24: [1, 1], // I8
  25: [1, 2], // I16
  26: [1, 4], // I32
  27: [1, 8], // I64
  28: [1, 8], // F64
  29: [256, 56], // IQ1_M
  30: [1, 2], // BF16
  34: [256, 54], // TQ1_0
  35: [256, 66], // TQ2_0
  39: [32, 17], // MXFP4
};

type Reader = ReturnType<typeof createReader>;

/** Reads little-endian values front to back, a megabyte of the file at a time. */
function createReader(file: Blob) {
  let buffer = new DataView(new ArrayBuffer(0));
  let start = 0;
  let offset = 0;

  async function need(bytes: number): Promise<void> {
    if (offset + bytes <= buffer.byteLength) return;
    start += offset;
    offset = 0;
    buffer = new DataView(await file.slice(start, start + Math.max(bytes, sliceBytes)).arrayBuffer());
    if (buffer.byteLength < bytes) throw new GgufError('cut-off');
  }

  async function take(bytes: number): Promise<[DataView, number]> {
    // Most values lie in the slice already; an await for each of 150,000 vocabulary entries would be felt.
    if (offset + bytes > buffer.byteLength) await need(bytes);
    const at = offset;
    offset += bytes;
    return [buffer, at];
  }

  return {
    take,
    position: () => start + offset,
    async skip(bytes: number): Promise<void> {
      if (start + offset + bytes > file.size) throw new GgufError('cut-off');
      offset += bytes;
      if (offset <= buffer.byteLength) return;
      start += offset;
      offset = 0;
      buffer = new DataView(new ArrayBuffer(0));
    },
    async uint32(): Promise<number> {
      const [view, at] = await take(4);
      return view.getUint32(at, true);
    },
    async uint64(): Promise<number> {
      const [view, at] = await take(8);
      return Number(view.getBigUint64(at, true));
    },
    async string(): Promise<string> {
      const length = await this.uint64();
      if (length > maxStringBytes) throw new GgufError('damaged');
      const [view, at] = await take(length);
      return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
    },
    /** Strings one after another, stepped over inside the slice without an await for each. */
    async skipStrings(count: number): Promise<void> {
      for (let index = 0; index < count; index++) {
        if (offset + 8 > buffer.byteLength) await need(8);
        const length = Number(buffer.getBigUint64(offset, true));
        if (length > maxStringBytes) throw new GgufError('damaged');
        offset += 8;
        if (offset + length <= buffer.byteLength) offset += length;
        else await this.skip(length);
      }
    },
  };
}

async function readScalar(reader: Reader, type: number): Promise<string | number | boolean> {
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
async function skipArray(reader: Reader): Promise<number> {
  const type = await reader.uint32();
  const length = await reader.uint64();
  if (type === stringType) await reader.skipStrings(length);
  else if (type === arrayType) throw new GgufError('damaged');
  else await reader.skip(bytesOf(type) * length);
  return length;
}

/** Bytes from the start of the tensors' data to the end of the last. */
async function readTensorBytes(reader: Reader, count: number): Promise<number> {
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
