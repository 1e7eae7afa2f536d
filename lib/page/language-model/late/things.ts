import type { ToolState } from '../tools.ts';
import { platform } from './platform.ts';

/** What a thing of the platform can stand for in a message. */
export type Kind = 'image' | 'audio' | 'file' | 'tool';

const images = [
  'HTMLCanvasElement',
  'HTMLImageElement',
  'HTMLVideoElement',
  'ImageBitmap',
  'ImageData',
  'OffscreenCanvas',
  'SVGImageElement',
  'VideoFrame',
];
const kinds: Record<string, Kind | undefined> = Object.assign(
  { __proto__: null, Blob: 'file', File: 'file', ArrayBuffer: 'file', AudioBuffer: 'audio' } as object,
  ...images.map((name) => ({ [name]: 'image' })),
);

/** Undefined for what is no such thing, and so stands for its text. */
export function kindOf(value: object): Kind | undefined {
  if ((platform.peek(value) as ToolState | undefined)?.callID !== undefined) return 'tool';
  return ArrayBuffer.isView(value) ? 'file' : kinds[platform.tagOf(value).slice(8, -1)];
}
