/** The file is not a GGUF this code can read; `reason` tells which. */
export class GgufError extends Error {
  override readonly name = 'GgufError';
  readonly reason: 'not-gguf' | 'html' | 'old' | 'cut-off' | 'damaged';

  constructor(reason: GgufError['reason']) {
    super(`GGUF: ${reason}`);
    this.reason = reason;
  }
}

/** Reads little-endian values of a file front to back, a megabyte at a time. Throws GgufError. */
export interface GgufReader {
  /** Where the next value starts. */
  position(): number;
  /** A view in which the next `bytes` of the file begin at the given place. */
  take(bytes: number): Promise<[view: DataView, at: number]>;
  skip(bytes: number): Promise<void>;
  uint32(): Promise<number>;
  uint64(): Promise<number>;
  string(): Promise<string>;
  /** Steps over strings that follow one another. */
  skipStrings(count: number): Promise<void>;
}

export function createGgufReader(file: Blob): GgufReader {
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
    // Inside the slice without an await for each: a vocabulary has 150,000 of them.
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

/** Above any real string; a damaged length would otherwise be believed. */
const maxStringBytes = 16 * 1024 * 1024;
const sliceBytes = 1024 * 1024;
