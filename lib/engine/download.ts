import { SwitchboardError } from '../protocol/errors.ts';
import { checkMagic } from './gguf.ts';
import { checkSize, ggufProblem } from './model-facts.ts';
import { checkModelAddress, fileNameOf } from './model-url.ts';

export interface AddProgress {
  bytes: number;
  /** Absent where the server does not say. */
  totalBytes?: number;
}

export interface DownloadOptions {
  signal: AbortSignal;
  onProgress?: ((progress: AddProgress) => void) | undefined;
  fetch?: typeof fetch | undefined;
  /** Milliseconds without a byte after which the connection counts as broken. */
  silenceMs?: number | undefined;
  /** Milliseconds before the first resumption; doubles with each failure in a row. */
  pauseMs?: number | undefined;
}

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Downloads a model file piece by piece into `write`. A connection that breaks or falls silent is resumed where it
 * stopped, unless it fails four times in a row. Refuses at the first bytes what is no GGUF, and any length but the announced.
 */
export async function download(url: URL, write: (bytes: Bytes) => Promise<void>, options: DownloadOptions): Promise<void> {
  const { signal, onProgress, pauseMs = 500 } = options;
  const what = fileNameOf(url);
  const head = createHead(what);
  let file: RemoteFile | undefined;
  let received = 0;
  let failures = 0;

  const take = async (bytes: Bytes) => {
    await write(bytes);
    received += bytes.length;
    checkSize(received, what);
    onProgress?.({ bytes: received, ...(file?.size !== undefined && { totalBytes: file.size }) });
  };

  while (true) {
    const before = received;
    try {
      const connection = await connect(url, received, file?.validator, options);
      if (received === 0) file = remoteFile(connection.response);
      if (file?.size !== undefined) checkSize(file.size, what);
      for await (const piece of connection.pieces()) {
        const bytes = received === 0 ? head.add(piece) : piece;
        if (bytes) await take(bytes);
      }
      if (received === 0) await take(head.close());
      if (file?.size === undefined || received === file.size) return;
      if (received < file.size) throw new BrokenConnection();
      throw new SwitchboardError('bad-response', `${url.host} sent more than it announced. Download the model again.`);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!(error instanceof BrokenConnection)) throw error;
      failures = received > before ? 1 : failures + 1;
      if (failures > 3 || (received > 0 && !file?.validator)) throw brokenOff(url, received, file?.size);
      head.reset();
      await pause(pauseMs * 2 ** (failures - 1), signal);
    }
  }
}

/** The connection failed in a way that a new one may mend. */
class BrokenConnection extends Error {}

interface RemoteFile {
  size?: number;
  /** What proves to the server that a resumed download is still of the same file. */
  validator?: string;
}

function remoteFile(response: Response): RemoteFile {
  // The length of an encoded body is not the file's, and its middle cannot be asked for.
  if (response.headers.get('content-encoding')) return {};
  const size = Number(response.headers.get('content-length') ?? Number.NaN);
  const etag = response.headers.get('etag');
  const validator = etag && !etag.startsWith('W/') ? etag : response.headers.get('last-modified');
  return { ...(Number.isSafeInteger(size) && { size }), ...(validator && { validator }) };
}

/** Holds the first bytes back until there are enough to tell a GGUF from a web page. */
function createHead(what: string) {
  let held: Bytes = new Uint8Array();
  return {
    add(piece: Bytes): Bytes | undefined {
      const both = new Uint8Array(held.length + piece.length);
      both.set(held);
      both.set(piece, held.length);
      held = both;
      return held.length < 512 ? undefined : this.close();
    },
    close(): Bytes {
      try {
        checkMagic(held);
      } catch (error) {
        throw ggufProblem(error, what);
      }
      return held;
    },
    reset(): void {
      held = new Uint8Array();
    },
  };
}

async function connect(
  url: URL,
  from: number,
  validator: string | undefined,
  { signal, fetch: get = fetch, silenceMs = 60_000 }: DownloadOptions,
) {
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
      clearTimeout(timer);
      await reader?.cancel().catch(() => undefined);
    }
  }

  try {
    checkAnswer(url, from, response);
  } catch (error) {
    clearTimeout(timer);
    silence.abort();
    throw error;
  }
  return { response, pieces };
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

function brokenOff(url: URL, received: number, size: number | undefined): SwitchboardError {
  const megabytes = (bytes: number) => (bytes / 1024 ** 2).toFixed(0);
  const amount = size === undefined ? `after ${megabytes(received)} MB` : `after ${megabytes(received)} of ${megabytes(size)} MB`;
  return new SwitchboardError('interrupted', `The download from ${url.host} broke off ${amount}. Nothing was kept; try again.`);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
