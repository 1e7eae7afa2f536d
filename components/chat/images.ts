import type { ChatImage } from '../../lib/chats/chat.ts';

/** Formats that every vision model of today reads. */
export const imageTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** Most images in one message, and the longest side a model makes use of. */
export const maxImages = 4;
const maxSide = 2048;
const maxBytes = 1_500_000;

/** An image file as it goes to the model; larger ones are scaled down. Throws on what is not an image. */
export async function readImage(file: Blob): Promise<ChatImage> {
  const bitmap = await createImageBitmap(file);
  const isSmall = Math.max(bitmap.width, bitmap.height) <= maxSide && file.size <= maxBytes;
  const blob = isSmall && imageTypes.includes(file.type) ? file : await scaled(bitmap);
  bitmap.close();
  return { mediaType: blob.type, data: await base64(blob) };
}

/** The image files of a paste or a drop. */
export function imageFiles(data: DataTransfer | null): File[] {
  return Array.from(data?.files ?? []).filter(({ type }) => type.startsWith('image/'));
}

async function scaled(bitmap: ImageBitmap): Promise<Blob> {
  const factor = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * factor), Math.round(bitmap.height * factor));
  const context = canvas.getContext('2d');
  if (!context) throw new TypeError('This browser cannot scale the image.');
  // JPEG has no transparency: what was see-through becomes white and not black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (let from = 0; from < bytes.length; from += 0x8000) binary += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  return btoa(binary);
}
