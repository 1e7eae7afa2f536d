import { refuseField } from '../params/read-params.ts';

/** Bytes as they travel: base64 without a prefix, and what they are. */
export interface Media {
  mediaType: string;
  data: string;
}

/**
 * The bytes in a `data:` URL. Any other address is refused: whoever fetched it, the extension or the model's server,
 * would be fetching from the user's network on behalf of a page.
 */
export function readDataUrl(url: string, place: string): Media {
  if (!/^data:/i.test(url)) {
    return refuseField(
      place,
      'only data: URLs are taken, because Switchboard fetches nothing for a page. Pass the bytes as data:image/png;base64,…',
    );
  }
  const [, head, data] = /^data:([^,]*),(.*)$/is.exec(url) ?? [];
  const mediaType = head?.split(';')[0]?.trim().toLowerCase();
  if (data === undefined || !/;\s*base64\s*$/i.test(head ?? '')) return refuseField(place, 'a data: URL has to be base64');
  return { mediaType: mediaType || 'application/octet-stream', data: readBase64(data, place) };
}

/** Standard base64, with or without padding and line breaks, as backends take it. */
export function readBase64(text: string, place: string): string {
  const data = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  if (data === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) refuseField(place, 'is not base64');
  return data;
}
