import type { Part } from '../../protocol/part.ts';
import type { ChatPiece, FetchHead, FetchPiece } from '../../protocol/pieces.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { plainText } from '../plain-text.ts';
import { createAnswer } from './answer.ts';
import { chatDoor } from './chat-door.ts';
import type { ChunkMaker, Door } from './door.ts';
import { toOpenAiError } from './error.ts';

type Body = Record<string, unknown>;

/** What `chat.completions.create` gets: the completion, or its chunks. What goes wrong is thrown. */
export async function* createChat(router: Router, params: unknown, context: CallContext): AsyncGenerator<ChatPiece[]> {
  const body = (params ?? {}) as Body;
  if (body.stream !== true) yield [(await createWhole(router, chatDoor, body, context)) as ChatPiece];
  else yield* createChunks(router, body, context);
}

async function* createChunks(router: Router, body: Body, { caller, signal }: CallContext): AsyncGenerator<ChatPiece[]> {
  const parts = chatDoor.ask(router, caller, body, signal);
  const chunks = chatDoor.chunks(createAnswer(chatDoor.idPrefix, body));
  let opening = [chunks.opening as ChatPiece];
  for await (const batch of parts) {
    yield [...opening, ...batch.flatMap<ChatPiece>((part) => plainText(part) ?? (chunks.of(part) as ChatPiece[]))];
    opening = [];
  }
}

/** The answer as one object. */
export async function createWhole(router: Router, door: Door, body: Body, { caller, signal }: CallContext): Promise<object> {
  const parts = door.ask(router, caller, body, signal);
  const collector = door.whole(createAnswer(door.idPrefix, body));
  for await (const batch of parts) for (const part of batch) collector.add(part);
  return collector.finish();
}

/** The answer as OpenAI's server streams it: its head with the first parts, its failure as an event once it has begun. */
export async function* createEventStream(
  router: Router,
  door: Door,
  body: Body,
  { caller, signal }: CallContext,
): AsyncGenerator<FetchPiece[]> {
  const parts = door.ask(router, caller, body, signal);
  const chunks = door.chunks(createAnswer(door.idPrefix, body));
  let opening: FetchPiece[] = [headOf(chunks), ...(chunks.opening ? [event(chunks.opening)] : [])];
  try {
    for await (const batch of parts) {
      yield [...opening, ...batch.flatMap<FetchPiece>((part) => plainText(part) ?? toEvents(part, chunks))];
      opening = [];
    }
    yield [...opening, { sse: 'data: [DONE]\n\n' }];
  } catch (error) {
    if (opening.length > 0 || signal.aborted) throw error;
    yield [event(toOpenAiError(error).body)];
  }
}

/** A text chunk is the same every time but for its text, so the page is told once what stands around it. */
function headOf({ sample }: ChunkMaker): FetchHead {
  const text = event(sample).sse;
  const [mark] = /"(content|text)":""/.exec(text) ?? [''];
  const at = text.indexOf(mark) + mark.length - 2;
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
    before: text.slice(0, at),
    after: text.slice(at + 2),
  };
}

/** What has no chunk becomes a comment: clients skip it, and a person who looks sees what is awaited. */
function toEvents(part: Part, chunks: ChunkMaker): { sse: string }[] {
  if (part.type === 'queued') return [{ sse: `: queued ${JSON.stringify({ position: part.position, etaSeconds: part.etaSeconds })}\n\n` }];
  if (part.type === 'loading') return [{ sse: `: loading ${JSON.stringify({ progress: part.progress })}\n\n` }];
  return chunks.of(part).map(event);
}

function event(value: object): { sse: string } {
  return { sse: `data: ${JSON.stringify(value)}\n\n` };
}
