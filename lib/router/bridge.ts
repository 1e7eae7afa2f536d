import type { Engine } from '../backends/backend.ts';
import { closing } from '../backends/closing.ts';
import { useKit } from '../backends/registry.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Message } from '../protocol/message.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatRequest, TextRequest } from '../protocol/request.ts';

/** A conversation, also where the engine knows only prompts: then written as one with the model's template. */
export function chatWith(engine: Engine, request: ChatRequest, template: string | undefined, signal: AbortSignal): AsyncIterable<Part[]> {
  if (engine.chat) return engine.chat(request, signal);
  if (!engine.text) throw cannot('hold a conversation');
  const { messages, tools, toolChoice: _choice, parallelToolCalls: _parallel, ...options } = request;
  if (tools && tools.length > 0) throw cannot('call tools');
  refuseMedia(messages);
  const { guessTemplate, renderChat, stoppedParts } = useKit();
  const rendered = renderChat(messages, template ?? guessTemplate(request.model));
  const stop = [...new Set([...(options.stop ?? []), ...rendered.stop])];
  // Not every server knows stop texts, and some leave them in.
  const text = engine.text.bind(engine);
  return closing(signal, (own) => stoppedParts(text({ ...options, prompt: rendered.prompt, stop }, own), stop));
}

/** A raw prompt, also where the engine knows only conversations: then it is what the user says. */
export function textWith(engine: Engine, request: TextRequest, signal: AbortSignal): AsyncIterable<Part[]> {
  if (engine.text) return engine.text(request, signal);
  if (!engine.chat) throw cannot('continue a text');
  const { prompt, suffix, echo, ...options } = request;
  if (suffix) throw cannot('fill in the middle of a text');
  const answer = engine.chat({ ...options, messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }] }, signal);
  return echo ? startingWith(prompt, answer) : answer;
}

async function* startingWith(text: string, answer: AsyncIterable<Part[]>): AsyncGenerator<Part[]> {
  yield [{ type: 'text', text }];
  yield* answer;
}

function refuseMedia(messages: Message[]): void {
  for (const { content } of messages) {
    for (const { type } of content) {
      if (type === 'image' || type === 'audio' || type === 'file') throw cannot(`read ${type === 'audio' ? 'sound' : `${type}s`}`);
    }
  }
}

function cannot(what: string): SwitchboardError {
  return new SwitchboardError('not-supported', `This model cannot ${what}. Choose another model for it.`);
}
