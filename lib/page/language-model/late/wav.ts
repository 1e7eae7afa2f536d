const { ceil, floor, max, min } = Math;

/** What speech models hear, and small: a minute is 2 MB. */
const rate = 16_000;

/** Sound as a WAV file of one channel with 16 bits and 16,000 samples a second, each the mean of what it stands for. */
export function encodeWav(channels: Float32Array[], sampleRate: number, length: number): Uint8Array<ArrayBuffer> & { toBase64(): string } {
  const step = sampleRate / rate;
  const count = ceil(length / step);
  const bytes = new ArrayBuffer(44 + count * 2);
  // 'RIFF', size, 'WAVE', 'fmt ', 16 bytes of format, PCM in one channel, rate, bytes a second, 2 a sample of 16 bits, 'data', size.
  const head = [0x46464952, 36 + count * 2, 0x45564157, 0x20746d66, 16, 0x10001, rate, rate * 2, 0x100002, 0x61746164, count * 2];
  const words = new Uint32Array(bytes, 0, 11);
  for (let index = 0; index < 11; index++) words[index] = head[index] as number;
  const samples = new Int16Array(bytes, 44);
  for (let index = 0; index < count; index++) {
    const start = floor(index * step);
    const end = max(start + 1, min(length, floor((index + 1) * step)));
    let sum = 0;
    for (let channel = 0; channel < channels.length; channel++) {
      for (let at = start; at < end; at++) sum += (channels[channel] as Float32Array)[at] as number;
    }
    samples[index] = max(-1, min(1, sum / (end - start) / channels.length)) * 32767;
  }
  return new Uint8Array(bytes) as ReturnType<typeof encodeWav>;
}
