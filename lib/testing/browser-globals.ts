/** What windows have and Node has not, as far as page code keeps it at its start. None of it does anything. */
const names = ['AudioBuffer', 'ImageBitmap', 'OfflineAudioContext', 'OffscreenCanvas', 'OffscreenCanvasRenderingContext2D'];

const attributes = ['width', 'height', 'sampleRate', 'length', 'numberOfChannels'];
const operations = ['getContext', 'convertToBlob', 'drawImage', 'decodeAudioData', 'getChannelData'];

for (const name of names) {
  if (name in globalThis) continue;
  const stub = class {};
  for (const attribute of attributes) Object.defineProperty(stub.prototype, attribute, { get: () => 0, configurable: true });
  for (const operation of operations) Object.defineProperty(stub.prototype, operation, { value: () => {}, configurable: true });
  Object.assign(globalThis, { [name]: stub });
}

Object.assign(Uint8Array.prototype, {
  toBase64(this: Uint8Array) {
    return Buffer.from(this).toString('base64');
  },
});

class ProgressEventStub extends Event {
  readonly #init: ProgressEventInit;
  constructor(type: string, init: ProgressEventInit = {}) {
    super(type);
    this.#init = init;
  }
  get loaded(): number {
    return this.#init.loaded ?? 0;
  }
  get total(): number {
    return this.#init.total ?? 0;
  }
  get lengthComputable(): boolean {
    return this.#init.lengthComputable ?? false;
  }
}

Object.assign(globalThis, { ProgressEvent: ProgressEventStub, createImageBitmap: async () => ({}) });
