import type { LoadingPart, Part } from '../../protocol/part.ts';
import type { HttpResponse } from '../backend.ts';
import { backendError, type ErrorContext } from '../backend-error.ts';
import { cutOff } from '../event-parts.ts';
import { readNdjson } from '../ndjson.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** The progress of POST /api/pull: a model comes in several files, and each says how far it is. */
export async function* pullParts(response: HttpResponse, context: ErrorContext): AsyncGenerator<Part[], void> {
  const reads = readNdjson(response, context.host);
  const files = new Map<string, { total: number; completed: number }>();
  let isDone = false;
  try {
    for (let read = await reads.next(); !read.done; read = await reads.next()) {
      let latest: LoadingPart | undefined;
      for (const line of read.value) {
        if (!isObject(line)) continue;
        if (line.error) throw backendError(line, context);
        const { status, digest, total, completed } = line;
        isDone = status === 'success';
        if (typeof digest === 'string' && typeof total === 'number' && total > 0)
          files.set(digest, { total, completed: typeof completed === 'number' ? Math.min(completed, total) : 0 });
        latest = { type: 'loading', ...progressOf(files), ...(typeof status === 'string' && { what: plain(status) }) };
      }
      if (isDone) {
        yield [{ type: 'loading', progress: 1 }];
        return;
      }
      if (latest) yield [latest];
    }
  } finally {
    if (isDone) reads.release();
    else await reads.return();
  }
  throw cutOff(context.host);
}

function progressOf(files: Map<string, { total: number; completed: number }>): Pick<LoadingPart, 'progress' | 'bytes' | 'totalBytes'> {
  let all = 0;
  let done = 0;
  for (const { total, completed } of files.values()) {
    all += total;
    done += completed;
  }
  return all > 0 ? { progress: done / all, bytes: done, totalBytes: all } : {};
}

/** Its status without the digest of the file, which tells nobody anything. */
function plain(status: string): string {
  return status.replace(/^pulling [0-9a-f]{8,}.*$/, 'pulling');
}
