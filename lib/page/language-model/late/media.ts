import { platform } from './platform.ts';
import { encodeWav } from './wav.ts';

/*
 * Pictures and sound are read with the window's own means as they are by now: keeping those from the start would cost
 * bytes in every page, and a page that has replaced them hides nothing but its own pictures from its own calls.
 */

const { ceil, max, min } = Math;

/** Bytes of a picture that goes as it is: a call carries 8 MiB of JSON, so a few of that size fit. */
const enough = 1_500_000;
/** No model looks closer. */
const longestSide = 2048;

export interface Encoded {
  mediaType: string;
  /** Base64. */
  data: string;
}

/**
 * A picture as PNG or JPEG, which every backend takes; `isFile`: the source is bytes. Rejects as `createImageBitmap` does,
 * and with SecurityError for what another origin has not shared.
 */
export async function encodeImage(source: object, isFile: boolean): Promise<Encoded> {
  const file = isFile ? await new Response(source as Blob).blob() : undefined;
  const bitmap = await createImageBitmap(file ?? (await loaded(source)));
  const bytes = file && (await read(file));
  // What begins so and was decoded is PNG or JPEG.
  const isPng = bytes?.[0] === 0x89;
  if (bytes && bytes.length < enough && (isPng || bytes[0] === 0xff)) {
    return { mediaType: isPng ? 'image/png' : 'image/jpeg', data: bytes.toBase64() };
  }
  return await draw(bitmap);
}

/** Sound as WAV of one channel. Rejects with DataError for bytes that are no sound. */
export async function encodeAudio(source: object, isFile: boolean): Promise<Encoded> {
  const sound = isFile ? await decode(source as Blob) : (source as AudioBuffer);
  const channels = Array.from({ length: sound.numberOfChannels }, (_, index) => sound.getChannelData(index));
  return { mediaType: 'audio/wav', data: encodeWav(channels, sound.sampleRate, sound.length).toBase64() };
}

/** What can be made a bitmap: an element whose picture has come, and of a drawing without a size of its own a canvas. */
async function loaded(source: object): Promise<ImageBitmapSource> {
  const image = source as HTMLImageElement;
  if (!('decode' in image)) return source as ImageBitmapSource;
  // A picture that cannot be read is told by the bitmap that cannot be made of it.
  await image.decode().catch(() => {});
  if (!('naturalWidth' in image) || !image.complete || !/\bsvg/i.test(image.currentSrc)) return image;
  const canvas = new OffscreenCanvas(image.naturalWidth || 300, image.naturalHeight || 150);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** As large as is worth sending: a PNG, and of what is large even so, a photograph, a JPEG. */
async function draw(bitmap: ImageBitmap): Promise<Encoded> {
  const scale = min(1, longestSide / max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(ceil(bitmap.width * scale), ceil(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const png = await read(await canvas.convertToBlob());
  if (png.length < enough) return { mediaType: 'image/png', data: png.toBase64() };
  const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  return { mediaType: 'image/jpeg', data: (await read(jpeg)).toBase64() };
}

async function read(file: Blob): Promise<Bytes> {
  return new Uint8Array(await file.arrayBuffer()) as Bytes;
}

async function decode(file: Blob): Promise<AudioBuffer> {
  const bytes = await new Response(file).arrayBuffer();
  try {
    return await new OfflineAudioContext(1, 1, 16_000).decodeAudioData(bytes);
  } catch {
    throw platform.exception({ name: 'DataError', message: 'This is not a sound that the browser can read.' });
  }
}

/** Both browsers have it from the oldest version on that we run in. */
type Bytes = Uint8Array<ArrayBuffer> & { toBase64(): string };
