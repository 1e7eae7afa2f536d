import { SwitchboardError } from '../../protocol/errors.ts';
import type { ChatRequest, TextRequest } from '../../protocol/request.ts';

/** Until May 2025 the server would not stream where tools were on offer. */
export function refusesToStream(error: unknown): boolean {
  return error instanceof SwitchboardError && /tools with stream/i.test(error.message);
}

/** Until April 2025 a last assistant message was closed, and the model began another: `b4600` is of January 2025. */
export function cannotContinue(buildInfo: unknown): boolean {
  const build = typeof buildInfo === 'string' ? /^b(\d+)/.exec(buildInfo)?.[1] : undefined;
  return build !== undefined && Number(build) < 5300;
}

/** An answer that was begun, as a text to go on with: `prompt` is the conversation before it, as the server writes it. */
export function goingOn(
  { messages, tools, toolChoice: _choice, parallelToolCalls: _parallel, ...rest }: ChatRequest,
  prompt: string,
): TextRequest {
  const { thinking: _thinking, ...options } = rest;
  const isPlain = messages.every(({ content }) => content.every(({ type }) => type !== 'image' && type !== 'audio'));
  if (tools?.length || !isPlain)
    throw new SwitchboardError('not-supported', "The user's model cannot continue an answer that the page has begun.");
  const begun = messages.at(-1)?.content.map((item) => (item.type === 'text' ? item.text : '')) ?? [];
  return { ...options, prompt: prompt + begun.join('') };
}
