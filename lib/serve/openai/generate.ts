import type { ChatPiece, FetchHead, FetchPiece } from '../../protocol/pieces.ts';
import { callerName } from '../../router/caller.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { plainText } from '../plain-text.ts';
import { chatDoor } from './chat-door.ts';
import type { ChunkMaker, Reading } from './door.ts';
import type { Marked } from './several.ts';

/** What `chat.completions.create` gets: the completion, or its chunks. What goes wrong is thrown. */
export function createChat(router: Router, params: unknown, context: CallContext): AsyncGenerator<ChatPiece[]> {
  const body = (params ?? {}) as Record<string, unknown>;
  const reading = chatDoor(body, callerName(context.caller));
  return body.stream === true ? createChunks(router, reading, context) : createCompletion(router, reading, context);
}

async function* createCompletion(router: Router, reading: Reading, context: CallContext): AsyncGenerator<ChatPiece[]> {
  yield [(await createWhole(router, reading, context)) as ChatPiece];
}

async function* createChunks(router: Router, reading: Reading, { caller, signal }: CallContext): AsyncGenerator<ChatPiece[]> {
  const chunks = reading.chunks();
  let opening = chunks.opening as ChatPiece[];
  for await (const batch of reading.ask(router, caller, signal)) {
    yield [...opening, ...batch.flatMap<ChatPiece>((part) => textOf(part, chunks) ?? (chunks.of(part) as ChatPiece[]))];
    opening = [];
  }
}

/** The answer as one object. */
export async function createWhole(router: Router, reading: Reading, { caller, signal }: CallContext): Promise<object> {
  const collector = reading.whole();
  for await (const batch of reading.ask(router, caller, signal)) for (const part of batch) collector.add(part);
  return collector.finish();
}

/** The answer as OpenAI's server streams it: its head with the first parts, its failure as an event once it has begun. */
export async function* createEventStream(
  router: Router,
  reading: Reading,
  headers: Record<string, string>,
  { caller, signal }: CallContext,
): AsyncGenerator<FetchPiece[]> {
  const chunks = reading.chunks();
  const toEvent = (chunk: object) => ({ sse: chunks.event(chunk) });
  let opening: FetchPiece[] = [headOf(chunks, headers), ...chunks.opening.map(toEvent)];
  try {
    for await (const batch of reading.ask(router, caller, signal)) {
      yield [...opening, ...batch.flatMap<FetchPiece>((part) => textOf(part, chunks) ?? commentOn(part) ?? chunks.of(part).map(toEvent))];
      opening = [];
    }
    yield [...opening, { sse: chunks.closing }];
  } catch (error) {
    if (opening.length > 0 || signal.aborted) throw error;
    yield chunks.failure(error).map(toEvent);
  }
}

/** A text chunk is the same every time but for its text, so the page is told once what stands around it. */
function headOf({ sample, event }: ChunkMaker, more: Record<string, string>): FetchHead {
  const head = { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', ...more } };
  if (!sample) return head;
  const text = event(sample);
  const [mark] = /"(content|text)":""/.exec(text) ?? [''];
  const at = text.indexOf(mark) + mark.length - 2;
  return { ...head, before: text.slice(0, at), after: text.slice(at + 2) };
}

/** Text of the first answer, for chunks that the page makes. */
function textOf(part: Marked, { sample }: ChunkMaker): string | undefined {
  return sample && !part.choice && !part.ended ? plainText(part) : undefined;
}

/** What has no chunk becomes a comment: clients skip it, and a person who looks sees what is awaited. */
function commentOn(part: Marked): FetchPiece[] | undefined {
  if (part.type === 'queued') return [{ sse: `: queued ${JSON.stringify({ position: part.position, etaSeconds: part.etaSeconds })}\n\n` }];
  if (part.type === 'loading') return [{ sse: `: loading ${JSON.stringify({ progress: part.progress })}\n\n` }];
  return undefined;
}
