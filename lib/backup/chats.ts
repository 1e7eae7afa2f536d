import * as z from 'zod/mini';
import { type Chat, getChat, listChats, putChats } from '../chats/store.ts';
import { errorCodes } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { lazy } from '../protocol/parse.ts';
import { type Change, type Database, openDatabase } from '../storage/database.ts';

/** Every chat with its turns, for a file. */
export async function allChats(): Promise<Chat[]> {
  const chats = await Promise.all((await listChats()).map(({ id }) => getChat(id)));
  return chats.filter((chat) => chat !== undefined);
}

/** The chat as it may be shown and kept; undefined for what is damaged. An answer that was at work had stopped there. */
export function readChat(stored: JsonObject): Chat | undefined {
  const read = chatSchema().safeParse(stored);
  return read.success ? (read.data as Chat) : undefined;
}

/** Those that are not here yet, or that went on elsewhere. */
export async function missingChats(chats: Chat[]): Promise<Chat[]> {
  const here = new Map((await listChats()).map(({ id, updatedAt }) => [id, updatedAt]));
  return chats.filter(({ id, updatedAt }) => updatedAt > (here.get(id) ?? Number.NEGATIVE_INFINITY));
}

/** Puts them beside the chats, for `adoptChats`: they are too large for the storage that the rest of an import waits in. */
export async function stageChats(chats: Chat[]): Promise<void> {
  const old = await staging.list('chats');
  await staging.write([
    ...old.map(([key]): Change<Staging> => ({ store: 'chats', key })),
    ...chats.map((row): Change<Staging> => ({ store: 'chats', key: row.id, row })),
  ]);
}

/** What was staged becomes chats, all of it at once. Doing it again does no harm. */
export async function adoptChats(): Promise<void> {
  await putChats((await staging.list('chats')).map(([, chat]) => chat));
}

interface Staging {
  chats: Chat;
}

const staging: Database<Staging> = openDatabase<Staging>('switchboard-import', ['chats']);

const chatSchema = lazy(() => {
  const text = z.string();
  const count = z.number().check(z.nonnegative());
  const optionalCount = z.exactOptional(count);
  const id = text.check(z.regex(/^[\w-]{1,100}$/));
  const image = z.object({
    mediaType: text.check(z.regex(/^image\/(png|jpeg|webp|gif|avif)$/)),
    data: text.check(z.regex(/^[A-Za-z0-9+/=]*$/)),
  });
  const usage = z.object({
    inputTokens: count,
    outputTokens: count,
    cachedInputTokens: optionalCount,
    reasoningTokens: optionalCount,
    costMicroUsd: optionalCount,
    estimated: z.exactOptional(z.literal(true)),
  });
  const error = z.object({ code: z.enum(errorCodes), message: text, retryAfterSeconds: optionalCount, status: optionalCount });
  const turn = z.object({
    id,
    role: z.enum(['user', 'assistant']),
    text,
    thought: z.exactOptional(text),
    images: z.exactOptional(z.array(image)),
    state: z.pipe(
      z.enum(['done', 'answering', 'stopped', 'failed']),
      z.transform((state) => (state === 'answering' ? 'stopped' : state)),
    ),
    error: z.exactOptional(error),
    usage: z.exactOptional(usage),
    costMicroUsd: optionalCount,
    model: z.exactOptional(text),
    leftOutMessages: optionalCount,
    startedAt: optionalCount,
    firstTokenMs: optionalCount,
    durationMs: optionalCount,
  });
  return z.object({
    id,
    title: text.check(z.maxLength(200)),
    connectionId: z.exactOptional(text),
    model: z.exactOptional(text),
    createdAt: count,
    updatedAt: count,
    turns: z.array(turn),
  });
});
