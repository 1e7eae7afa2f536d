/** A value of a GGUF's head with its type, because the format has ten kinds of numbers. */
export type GgufValue =
  | { type: 'uint32' | 'int32' | 'float32'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
  | { type: 'strings'; value: string[] }
  | { type: 'float32s' | 'int32s'; value: number[] };

/** `shape` is as GGUF has it: the length of a row first. */
export interface GgufTensor {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** Writes a GGUF file (version 3, tensors in F32). */
export function writeGguf(metadata: Record<string, GgufValue>, tensors: GgufTensor[]): Uint8Array<ArrayBuffer> {
  const head = createBytes();
  head.text('GGUF');
  head.uint32(3);
  head.uint64(tensors.length);
  head.uint64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    head.string(key);
    writeValue(head, value);
  }
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    head.string(name);
    head.uint32(shape.length);
    for (const length of shape) head.uint64(length);
    head.uint32(0);
    head.uint64(offset);
    offset += align(values.byteLength);
  }
  const start = align(head.length());
  const file = new Uint8Array(start + offset);
  file.set(head.take());
  let at = start;
  for (const { values } of tensors) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += align(values.byteLength);
  }
  return file;
}

const alignment = 32;
const types = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 };

function align(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function writeValue(bytes: Bytes, entry: GgufValue): void {
  switch (entry.type) {
    case 'strings':
    case 'float32s':
    case 'int32s': {
      const kind = entry.type === 'strings' ? 'string' : entry.type === 'float32s' ? 'float32' : 'int32';
      bytes.uint32(types.array);
      bytes.uint32(types[kind]);
      bytes.uint64(entry.value.length);
      for (const each of entry.value) bytes[kind](each as never);
      return;
    }
    default:
      bytes.uint32(types[entry.type]);
      bytes[entry.type](entry.value as never);
  }
}

type Bytes = ReturnType<typeof createBytes>;

/** Bytes that grow, little-endian. */
function createBytes() {
  const pieces: Uint8Array[] = [];
  const number = (bytes: number, write: (view: DataView) => void) => {
    const view = new DataView(new ArrayBuffer(bytes));
    write(view);
    pieces.push(new Uint8Array(view.buffer));
  };
  const bytes = {
    text: (value: string) => void pieces.push(new TextEncoder().encode(value)),
    uint32: (value: number) => number(4, (view) => view.setUint32(0, value, true)),
    int32: (value: number) => number(4, (view) => view.setInt32(0, value, true)),
    float32: (value: number) => number(4, (view) => view.setFloat32(0, value, true)),
    uint64: (value: number) => number(8, (view) => view.setBigUint64(0, BigInt(value), true)),
    bool: (value: boolean) => void pieces.push(new Uint8Array([value ? 1 : 0])),
    string: (value: string) => {
      bytes.uint64(new TextEncoder().encode(value).length);
      bytes.text(value);
    },
    length: () => pieces.reduce((sum, { length }) => sum + length, 0),
    take: () => {
      const all = new Uint8Array(bytes.length());
      let at = 0;
      for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
      }
      return all;
    },
  };
  return bytes;
}
