import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { ChatRequest, EmbedRequest, TextRequest, Thinking } from '../../protocol/request.ts';
import { toolList } from '../openai-shaped/tools.ts';
import type { ModelFacts } from './facts.ts';
import { wireMessages } from './messages.ts';
import { generationFields } from './options.ts';

/** What a body holds beside the request. */
export interface BodyContext {
  facts: ModelFacts | undefined;
  numCtx: number | undefined;
  /** Fields of the connection's settings. */
  connection: JsonObject;
}

/** The body of POST /api/chat. */
export function chatBody(request: ChatRequest, { facts, numCtx, connection }: BodyContext): JsonObject {
  const think = thinkOf(request.thinking, facts);
  const tools = offeredTools(request);
  return {
    model: request.model,
    messages: wireMessages(request.messages),
    stream: true,
    ...(tools && { tools }),
    ...(think !== undefined && { think }),
    ...generationFields(request, numCtx, connection),
  };
}

/** The body of POST /api/generate for a prompt that no template is put around. */
export function generateBody(request: TextRequest, { numCtx, connection }: BodyContext): JsonObject {
  return {
    model: request.model,
    prompt: request.prompt,
    stream: true,
    // With a suffix the model's template is needed, because it marks the gap.
    ...(request.suffix === undefined ? { raw: true } : { suffix: request.suffix }),
    ...generationFields(request, numCtx, connection),
  };
}

/** The body of POST /api/embed. */
export function embedBody({ model, input, dimensions }: EmbedRequest, connection: JsonObject): JsonObject {
  return { model, input, ...(dimensions !== undefined && { dimensions }), ...connection };
}

/** The only choice among tools is the model's own: fewer are offered where the caller wants one, or none. */
function offeredTools({ tools, toolChoice }: ChatRequest): JsonObject[] | undefined {
  if (!tools?.length || toolChoice === 'none') return undefined;
  return toolList(typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.name) : tools, 'parameters');
}

/** Most models think or do not; gpt-oss always does, in three strengths. Those that cannot are not asked. */
function thinkOf(thinking: Thinking | undefined, facts: ModelFacts | undefined): JsonValue | undefined {
  const effort = thinking?.effort;
  if (effort === undefined || (facts?.capabilities && !facts.capabilities.includes('thinking'))) return undefined;
  if (facts?.family !== 'gptoss') return effort !== 'none';
  return { none: 'low', minimal: 'low', low: 'low', medium: 'medium', high: 'high', max: 'high' }[effort];
}
