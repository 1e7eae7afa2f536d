import type { ToolState } from '../tools.ts';
import { platform } from './platform.ts';

/** What a thing of the platform can stand for in a message. */
export type Kind = 'image' | 'audio' | 'file' | 'tool';

/** By what the platform calls them. */
const kinds = {
  __proto__: null,
  '[object ArrayBuffer]': 'file',
  '[object AudioBuffer]': 'audio',
  '[object Blob]': 'file',
  '[object File]': 'file',
  '[object HTMLCanvasElement]': 'image',
  '[object HTMLImageElement]': 'image',
  '[object HTMLVideoElement]': 'image',
  '[object ImageBitmap]': 'image',
  '[object ImageData]': 'image',
  '[object OffscreenCanvas]': 'image',
  '[object SVGImageElement]': 'image',
  '[object VideoFrame]': 'image',
} as unknown as Record<string, Kind | undefined>;

const { isView } = ArrayBuffer;

/** Undefined for what is no such thing, and so stands for its text. */
export function kindOf(value: object): Kind | undefined {
  if ((platform.peek(value) as ToolState | undefined)?.callID !== undefined) return 'tool';
  return isView(value) ? 'file' : kinds[platform.tagOf(value)];
}
