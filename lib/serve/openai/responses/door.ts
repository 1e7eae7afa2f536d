import type { EndPart, Usage } from '../../../protocol/part.ts';
import type { ChunkMaker, Collector, Door } from '../door.ts';
import { toOpenAiError } from '../error.ts';
import { needingLogprobs } from '../logprobs.ts';
import { keepItem, withKeptItems } from './kept-items.ts';
import { createOutput, type Event, type Item, newId } from './output.ts';
import { readOpenAiResponse } from './read-response.ts';

type Body = Record<string, unknown>;

/** `/v1/responses`. Nothing is stored: what a response was is known to whoever asked for it. Its items are remembered for a while. */
export const responsesDoor: Door = (body, asker) => {
  const request = readOpenAiResponse({ ...body, input: withKeptItems(body.input, asker) });
  const response = createResponse(body);
  const keep = (item: Item) => body.store !== false && keepItem(asker, item);
  return {
    ask(router, caller, signal) {
      const parts = router.chat(caller, request, signal);
      return request.logprobs ? needingLogprobs(parts) : parts;
    },
    chunks: () => createChunks(response, keep),
    whole: () => createWhole(response, keep),
  };
};

/** The object of a response that has not begun, with what was asked in it. */
function createResponse(body: Body): Body {
  const { text, tools, tool_choice: choice, reasoning } = body as { [name: string]: Body | undefined };
  return {
    id: newId('resp'),
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: null,
    model: body.model ?? 'default',
    output: [],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: reasoning?.effort ?? null, summary: reasoning?.summary ?? null },
    store: false,
    temperature: body.temperature ?? null,
    text: { format: text?.format ?? { type: 'text' } },
    tool_choice: choice ?? 'auto',
    tools: tools ?? [],
    top_logprobs: body.top_logprobs ?? 0,
    top_p: body.top_p ?? null,
    truncation: 'disabled',
    usage: null,
    metadata: body.metadata ?? {},
    ...(typeof body.user === 'string' && { user: body.user }),
  };
}

function createChunks(response: Body, keep: (item: Item) => void): ChunkMaker {
  const output = createOutput(keep);
  let number = 0;

  return {
    opening: [
      { type: 'response.created', response },
      { type: 'response.in_progress', response },
    ],
    of(part) {
      if (part.type !== 'end') return output.of(part);
      const status = statusOf(part);
      const last = output.close(status);
      return [...last, { type: `response.${status}`, response: ended(response, output.items, part) }];
    },
    failure(thrown) {
      const { error } = toOpenAiError(thrown).body;
      const { code, message, param } = error;
      const last = output.close('incomplete');
      const failed = { ...response, status: 'failed', error: { code, message }, output: output.items };
      return [
        ...last,
        // In OpenAI's description the fields are bare, on its wire they are in `error`, and its client looks there.
        { type: 'error', code, message, param, error },
        { type: 'response.failed', response: failed },
      ];
    },
    event(event) {
      const { type, ...more } = event as Event;
      return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...more })}\n\n`;
    },
    closing: '',
  };
}

function createWhole(response: Body, keep: (item: Item) => void): Collector {
  const output = createOutput(keep);
  let end: EndPart | undefined;
  return {
    add(part) {
      if (part.type === 'end') end = part;
      else output.of(part);
    },
    finish() {
      output.close(end ? statusOf(end) : 'completed');
      return end ? ended(response, output.items, end) : response;
    },
  };
}

function ended(response: Body, output: object[], end: EndPart): Body {
  const status = statusOf(end);
  return {
    ...response,
    status,
    incomplete_details: status === 'completed' ? null : { reason: end.reason === 'length' ? 'max_output_tokens' : 'content_filter' },
    model: end.model ?? response.model,
    output,
    usage: end.usage ? toUsage(end.usage) : null,
  };
}

function statusOf({ reason }: EndPart): 'completed' | 'incomplete' {
  return reason === 'length' || reason === 'content-filter' ? 'incomplete' : 'completed';
}

function toUsage({ inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 }: Usage): Body {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedInputTokens, cache_write_tokens: cacheWriteTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}
