import type { ProviderInfo } from '../protocol/provider.ts';
import { freeze } from './primordials.ts';

/** The mark: a cable from one jack to another. */
const icon =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 48' fill='none' stroke='%23a9761f' stroke-width='4.5'><path d='M12 20a7 7 0 1 0-.1 0v5c0 11 24-13 24-2v5a7 7 0 1 1-.1 0'/></svg>";

/** Who this provider is, with an id of its own for each page load. */
export function createInfo(version: string): ProviderInfo {
  return freeze({ uuid: createUuid(), name: 'Switchboard', icon, rdns: 'invalid.switchboard', version });
}

/** `crypto.randomUUID` exists on https alone, and this id need only be another one each time. */
function createUuid(): string {
  return `${hex()}${hex()}-${hex()}-4000-8000-${hex()}${hex()}${hex()}`;
}

/** Four random digits. */
function hex(): string {
  return ((Math.random() * 0x10000) | 0x10000).toString(16).slice(1);
}
