import { getter, quote, SafeRequest, uncurry } from './primordials.ts';
import { own } from './read-options.ts';

/** What of a fetch matters to us, as parameters of our own call. Its headers do not: keys in them are meant for servers, and nothing is sent to one. */
export interface FetchCall {
  params: string;
  signal: AbortSignal;
}

const urlOf = getter<string>(SafeRequest.prototype, 'url');
const methodOf = getter<string>(SafeRequest.prototype, 'method');
const signalOf = getter<AbortSignal>(SafeRequest.prototype, 'signal');
const textOf = uncurry(SafeRequest.prototype.text);

/** Reads what the platform's `fetch` takes, by the platform's own rules, from the page's own fields alone. */
export async function readFetch(input: unknown, init: unknown): Promise<FetchCall> {
  const body = own(init, 'body');
  const isText = typeof body === 'string';
  // Text need not become bytes and text again, but the platform still has to see that there is a body.
  const request = new SafeRequest(input as string, { __proto__: null, ...(init as object), ...(isText && { body: 'x' }) } as object);
  const text = isText ? body : await textOf(request);
  return {
    params: `{"method":${quote(methodOf(request))},"url":${quote(urlOf(request))},"body":${quote(text)}}`,
    signal: signalOf(request),
  };
}
