import { browser } from 'wxt/browser';
import type english from '../../public/_locales/en/messages.json';

type Catalogue = typeof english;

/** A key of the message catalogue. The English file is the one that counts; a test holds the others to it. */
export type MessageKey = keyof Catalogue;

/** What fills the gaps of a message, by the names its placeholders have in the catalogue. */
export type Gaps<Key extends MessageKey> = Catalogue[Key] extends { placeholders: infer Names }
  ? [gaps: { [Name in keyof Names]: string | number }]
  : [];

/** Keys of messages without gaps, for tables of texts. */
export type PlainKey = { [Key in MessageKey]: Catalogue[Key] extends { placeholders: object } ? never : Key }[MessageKey];

/** As it takes keys that are data. */
const catalogue = browser.i18n as { getMessage(key: string, values?: string[]): string };

/**
 * A text of the interface in the user's language. Placeholders are numbered by the alphabet of their names (a test
 * holds that), so that a sentence may order them as its language likes.
 */
export function t<Key extends MessageKey>(key: Key, ...[gaps]: Gaps<Key>): string {
  if (gaps === undefined) return catalogue.getMessage(key);
  const values = Object.entries<string | number>(gaps).sort(([a], [b]) => (a < b ? -1 : 1));
  return catalogue.getMessage(
    key,
    values.map(([, value]) => String(value)),
  );
}

/** A text for a key that came as data (the field of a backend); the key itself where the catalogue has no such text. */
export function textOf(key: string): string {
  return catalogue.getMessage(key) || key;
}
