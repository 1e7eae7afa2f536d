import { SwitchboardError } from '../protocol/errors.ts';

/** The address of a model the user typed. Throws `bad-request` for what is no address or no place to take models from. */
export function parseModelUrl(input: string): URL {
  let url: URL;
  try {
    url = new URL(input.trim());
  } catch {
    throw new SwitchboardError('bad-request', 'That is not an address. The address of a model starts with https:// and ends in .gguf.');
  }
  if (url.username || url.password) {
    throw new SwitchboardError('bad-request', 'The address holds a name or a password. Remove it; Switchboard sends none with a download.');
  }
  checkModelAddress(url);
  // There the page about a file and the file itself differ by one word, and people copy the page's address.
  if (url.host === 'huggingface.co') url.pathname = url.pathname.replace(/^(\/[^/]+\/[^/]+)\/blob\//, '$1/resolve/');
  url.hash = '';
  return url;
}

/** A model is input to a program, so nobody on the way may change it: https, or http on this device. */
export function checkModelAddress(url: URL): void {
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)) return;
  throw new SwitchboardError(
    'bad-request',
    `Models are downloaded over https, or over http from this device; ${url.protocol}//${url.host} is neither.`,
  );
}

/** The last piece of the address, as messages name the file. */
export function fileNameOf(url: URL): string {
  const last = url.pathname.split('/').pop() || url.host;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
