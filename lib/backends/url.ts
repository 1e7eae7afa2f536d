import { SwitchboardError } from '../protocol/errors.ts';
import { isMetadataHost, placeOf } from './place.ts';

export { placeOf };

/**
 * A server's address as users paste it, brought to `scheme://host[:port][/path]`: a missing scheme is added (`https` for
 * companies, `http` for the rest), and known ends such as `/v1`, `/api` or `/v1/chat/completions` go. Throws
 * `bad-request` that names what is wrong; never repeats the input, which may hold a password.
 */
export function normaliseBaseUrl(input: string): string {
  const typed = input.trim();
  if (typed === '') refuse('The address is empty. Enter one such as http://127.0.0.1:8080.');
  // `URL` drops tabs and line breaks and turns `\` into `/` silently, so that the address looked at is not the one used.
  if (/[\s\\]/.test(typed) || hasControlCharacter(typed)) refuse('The address contains a space, a line break or a backslash. Remove it.');
  const url = parse(withScheme(typed));
  if (url.username || url.password)
    refuse('The address contains a user name or password. Remove it, and enter a key in the field for keys.');
  if (url.search || typed.includes('?')) refuse('The address contains "?". Remove it and everything after it.');
  if (url.hash || typed.includes('#')) refuse('The address contains "#". Remove it and everything after it.');
  if (isMetadataHost(url.hostname)) refuse('This address belongs to the metadata service of a cloud machine, not to a model server.');
  const host = url.host.replace(/\.+(?=:|$)/, '').replace(/^(0\.0\.0\.0|\[::\])(?=:|$)/, '127.0.0.1');
  if (host === '' || host.startsWith(':')) refuse('This is not an address. Enter one such as http://127.0.0.1:8080.');
  return `${url.protocol}//${host}${trimPath(url.pathname)}`;
}

function withScheme(typed: string): string {
  const scheme = /^([a-z][a-z\d+.-]*):(?!\d)/i.exec(typed)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return typed;
  if (scheme !== undefined) refuse(`The address must begin with http:// or https://, not with ${scheme}:.`);
  const plain = `http://${typed.replace(/^\/+/, '')}`;
  return placeOf(parse(plain).href) === 'company' ? plain.replace('http:', 'https:') : plain;
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname) refuse('This is not an address. Enter one such as http://127.0.0.1:8080.');
  return url;
}

/** Ends that users copy from documentation; every backend adds its own again. */
function trimPath(pathname: string): string {
  const path = pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  return path
    .replace(/\/(chat\/completions|completions|embeddings)$/, '')
    .replace(/(\/v\d\w*|\/api)\/(models|responses|messages|tags|generate|chat|version)$/, '$1')
    .replace(/(\/api)?\/v[01]$|\/api$/, '');
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 32 || text.charCodeAt(i) === 127) return true;
  return false;
}

function refuse(message: string): never {
  throw new SwitchboardError('bad-request', message);
}
