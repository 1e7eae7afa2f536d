import { SwitchboardError } from '../protocol/errors.ts';
import {
  BrokenConnection,
  type Bytes,
  brokenOff,
  type Connection,
  type ConnectionOptions,
  connect,
  type RemoteFile,
  remoteFile,
} from './download-connection.ts';
import { checkMagic } from './gguf.ts';
import { checkSize, ggufProblem } from './model-facts.ts';
import { fileNameOf } from './model-url.ts';

export interface AddProgress {
  bytes: number;
  /** Absent where the server does not say. */
  totalBytes?: number;
}

export interface DownloadOptions extends ConnectionOptions {
  onProgress?: ((progress: AddProgress) => void) | undefined;
  /** Milliseconds before the first resumption; doubles with each failure in a row. */
  pauseMs?: number | undefined;
}

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
    let connection: Connection | undefined;
    try {
      connection = await connect(url, received, file?.validator, options);
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
    } finally {
      connection?.close();
    }
  }
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
