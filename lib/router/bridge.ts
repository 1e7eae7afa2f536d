import type { Engine } from '../backends/backend.ts';
import type { Conversing } from '../backends/converse/converse.ts';
import { useKit } from '../backends/registry.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatRequest, TextRequest } from '../protocol/request.ts';

/** A conversation, also where the engine knows only prompts or loses its start (lib/backends/converse). */
export function chatWith(engine: Engine, request: ChatRequest, conversing: Conversing, signal: AbortSignal): AsyncIterable<Part[]> {
  const isPlain = engine.chat && !engine.losesStart && conversing.template === undefined;
  return isPlain && engine.chat ? engine.chat(request, signal) : useKit().converse(engine, request, conversing, signal);
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

function cannot(what: string): SwitchboardError {
  return new SwitchboardError('not-supported', `This model cannot ${what}. Choose another model for it.`);
}
