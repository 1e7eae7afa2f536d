import { SwitchboardError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/message.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, TextRequest } from '../../protocol/request.ts';
import type { Engine } from '../backend.ts';
import { closing } from '../closing.ts';
import { stoppedParts } from '../stopped-parts.ts';
import { guessTemplate, renderChat } from '../templates.ts';
import { type Fitted, fitHistory } from './fit-history.ts';

export interface Conversing {
  /** The user's own choice of a prompt template. */
  template?: string | undefined;
  /** Tokens of prompt and answer together, as far as anybody knows. */
  window(): Promise<number | undefined>;
}

/**
 * A conversation with any engine. One that knows only prompts, or for which the user chose a template, gets it written
 * as one; where the server would cut what is too long from its front, instructions first, the oldest turns are left out.
 */
export function converse(
  engine: Engine,
  request: ChatRequest,
  { template, window }: Conversing,
  signal: AbortSignal,
): AsyncIterable<Part[]> {
  const { chat, text } = engine;
  if (text && (!chat || (template !== undefined && !needsChat(request)))) {
    refuseBeyondText(request);
    return closing(signal, (own) => written(engine as Engine & Required<Pick<Engine, 'text'>>, request, { template, window }, own));
  }
  if (!chat) throw cannot('hold a conversation');
  if (!engine.losesStart?.(request.model)) return chat.call(engine, request, signal);
  return closing(signal, async function* (own) {
    const { model, tools, maxOutputTokens: answerTokens } = request;
    const count = countWith(engine, (messages) => ({ model, messages, ...(tools && { tools }) }), own);
    const fitted = await fitHistory(request.messages, { window, answerTokens, ...count });
    yield* telling(chat.call(engine, { ...request, messages: fitted.messages }, own), fitted);
  });
}

async function* written(
  engine: Engine & Required<Pick<Engine, 'text'>>,
  request: ChatRequest,
  { template, window }: Conversing,
  signal: AbortSignal,
): AsyncGenerator<Part[], void> {
  const { messages, tools: _tools, toolChoice: _choice, parallelToolCalls: _parallel, ...options } = request;
  const { model, maxOutputTokens: answerTokens } = options;
  const name = template ?? guessTemplate(model);
  const count = countWith(engine, (some) => ({ model, text: renderChat(some, name).prompt }), signal);
  const fitted = await fitHistory(messages, { window, answerTokens, ...count });
  const { prompt, stop: ends } = renderChat(fitted.messages, name);
  const stop = [...new Set([...(options.stop ?? []), ...ends])];
  const asked: TextRequest = { ...options, prompt, stop };
  // Not every server knows stop texts, and some leave them in.
  yield* telling(stoppedParts(engine.text(asked, signal), stop), fitted);
}

/** The backend's own count. Where it fails the estimate serves: the answer will tell what is wrong. */
function countWith(
  engine: Engine,
  asked: (messages: Message[]) => Parameters<NonNullable<Engine['countTokens']>>[0],
  signal: AbortSignal,
): { count?(messages: Message[]): Promise<number | undefined> } {
  const { countTokens } = engine;
  return countTokens ? { count: (messages) => countTokens.call(engine, asked(messages), signal).catch(() => undefined) } : {};
}

async function* telling(answer: AsyncIterable<Part[]>, { leftOut }: Fitted): AsyncGenerator<Part[], void> {
  for await (const parts of answer) {
    yield leftOut === 0 ? parts : parts.map((part) => (part.type === 'end' ? { ...part, leftOutMessages: leftOut } : part));
  }
}

function needsChat({ messages, tools = [] }: ChatRequest): boolean {
  return tools.length > 0 || mediaOf(messages) !== undefined;
}

function refuseBeyondText({ messages, tools = [] }: ChatRequest): void {
  if (tools.length > 0) throw cannot('call tools');
  const media = mediaOf(messages);
  if (media) throw cannot(`read ${media === 'audio' ? 'sound' : `${media}s`}`);
}

function mediaOf(messages: Message[]): 'image' | 'audio' | 'file' | undefined {
  for (const { content } of messages) {
    for (const { type } of content) if (type === 'image' || type === 'audio' || type === 'file') return type;
  }
  return undefined;
}

function cannot(what: string): SwitchboardError {
  return new SwitchboardError('not-supported', `This model cannot ${what}. Choose another model for it.`);
}
