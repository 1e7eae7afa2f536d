import { bare, getter, quote, SafeRequest, uncurry } from './primordials.ts';
import { own } from './read-options.ts';

/** What of a fetch matters to us, as parameters of our own call. Its headers do not: keys in them are meant for servers, and nothing is sent to one. */
export interface FetchCall {
  params: string;
  signal: AbortSignal;
}

const request = SafeRequest.prototype;
const urlOf = getter<string>(request, 'url');
const methodOf = getter<string>(request, 'method');
const signalOf = getter<AbortSignal>(request, 'signal');
const textOf = uncurry(request.text);

/** Reads what the platform's `fetch` takes, by the platform's own rules, from the page's own fields alone. */
export async function readFetch(input: unknown, init: unknown): Promise<FetchCall> {
  const body = own(init, 'body');
  const isText = typeof body === 'string';
  // Text need not become bytes and text again, but the platform still has to see that there is a body.
  const request = new SafeRequest(input as string, bare({ ...(init as object), ...(isText && { body: 'x' }) }));
  const text = isText ? body : await textOf(request);
  return {
    params: `{"method":${quote(methodOf(request))},"url":${quote(urlOf(request))},"body":${quote(text)}}`,
    signal: signalOf(request),
  };
}
