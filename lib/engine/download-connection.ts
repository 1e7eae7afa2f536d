import { SwitchboardError } from '../protocol/errors.ts';
import { checkModelAddress } from './model-url.ts';

export interface ConnectionOptions {
  signal: AbortSignal;
  fetch?: typeof fetch | undefined;
  /** Milliseconds without a byte after which the connection counts as broken. */
  silenceMs?: number | undefined;
}

export type Bytes = Uint8Array<ArrayBuffer>;

/** The connection failed in a way that a new one may mend. */
export class BrokenConnection extends Error {}

export interface RemoteFile {
  size?: number;
  /** What proves to the server that a resumed download is still of the same file. */
  validator?: string;
}

/** What the headers of a first answer tell of the file. */
export function remoteFile(response: Response): RemoteFile {
  // The length of an encoded body is not the file's, and its middle cannot be asked for.
  if (response.headers.get('content-encoding')) return {};
  const size = Number(response.headers.get('content-length') ?? Number.NaN);
  const etag = response.headers.get('etag');
  const validator = etag && !etag.startsWith('W/') ? etag : response.headers.get('last-modified');
  return { ...(Number.isSafeInteger(size) && { size }), ...(validator && { validator }) };
}

export interface Connection {
  response: Response;
  pieces(): AsyncGenerator<Bytes>;
  /** Drops the connection, whatever state it is in. */
  close(): void;
}

/**
 * One request for the file from byte `from` on, and its body in pieces. Throws BrokenConnection for what a new request
 * may mend, SwitchboardError for the rest.
 */
export async function connect(
  url: URL,
  from: number,
  validator: string | undefined,
  { signal, fetch: get = fetch, silenceMs = 60_000 }: ConnectionOptions,
): Promise<Connection> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  const response = await get(url, {
    headers: from > 0 && validator ? { range: `bytes=${from}-`, 'if-range': validator } : {},
    signal: AbortSignal.any([signal, silence.signal]),
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
  }).catch((error: unknown) => {
    clearTimeout(timer);
    throw from > 0 || signal.aborted ? new BrokenConnection() : unreachable(url, silence.signal.aborted, error);
  });

  async function* pieces(): AsyncGenerator<Bytes> {
    const reader = response.body?.getReader();
    try {
      while (reader) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), silenceMs);
        const { done, value } = await reader.read().catch(() => {
          throw new BrokenConnection();
        });
        clearTimeout(timer);
        if (done) return;
        yield value;
      }
    } finally {
      close();
    }
  }

  function close(): void {
    clearTimeout(timer);
    silence.abort();
  }

  try {
    checkAnswer(url, from, response);
  } catch (error) {
    close();
    throw error;
  }
  return { response, pieces, close };
}

function checkAnswer(url: URL, from: number, response: Response): void {
  const { status } = response;
  // A file host may redirect to its store, but only to a place a model may come from.
  if (response.url) checkModelAddress(new URL(response.url));
  if (from > 0) {
    if (status === 206) return;
    if (status >= 500) throw new BrokenConnection();
    throw brokenOff(url, from, undefined);
  }
  if (response.ok) return;
  if (status === 401 || status === 403) {
    throw new SwitchboardError(
      'unauthorized',
      `${url.host} does not give this file to everyone (${status}). Download it with your account and add it as a file.`,
      { status },
    );
  }
  if (status === 404 || status === 410) {
    throw new SwitchboardError('bad-request', `${url.host} has no file at this address (${status}). Check the address.`, { status });
  }
  throw new SwitchboardError('backend-error', `${url.host} answered ${status} instead of the file. Try again later.`, { status });
}

function unreachable(url: URL, wasSilent: boolean, cause: unknown): SwitchboardError {
  if (wasSilent)
    return new SwitchboardError('timeout', `${url.host} did not answer in time. Check the address, then try again.`, { cause });
  return new SwitchboardError('unreachable', `${url.host} could not be reached. Check the address and the network, then try again.`, {
    cause,
  });
}

/** The error of a download that cannot go on. */
export function brokenOff(url: URL, received: number, size: number | undefined): SwitchboardError {
  const megabytes = (bytes: number) => (bytes / 1024 ** 2).toFixed(0);
  const amount = size === undefined ? `after ${megabytes(received)} MB` : `after ${megabytes(received)} of ${megabytes(size)} MB`;
  return new SwitchboardError('interrupted', `The download from ${url.host} broke off ${amount}. Nothing was kept; try again.`);
}
