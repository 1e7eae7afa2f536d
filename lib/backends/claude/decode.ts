import type { JsonObject } from '../../protocol/json.ts';
import type { EndPart, EndReason, Part, Usage } from '../../protocol/part.ts';
import { byName } from '../by-name.ts';

/** An answer of the Messages API, told event by event (their `type` is in the data). */
export interface ClaudeDecoder {
  /** Parts of one event; throws what `failure` makes of an error event. */
  read(event: ClaudeEvent): Part[];
}

/** What is read of an event; everything the service may leave out is optional, and unknown types are passed over. */
export interface ClaudeEvent {
  type?: string;
  index?: number;
  message?: {
    id?: string;
    model?: string;
    content?: Block[];
    stop_reason?: string | null;
    stop_details?: StopDetails | null;
    usage?: ClaudeUsage;
  };
  content_block?: Block;
  delta?: Block & { partial_json?: string; stop_reason?: string | null; stop_details?: StopDetails | null };
  usage?: ClaudeUsage;
  error?: { type?: string; message?: string };
}

interface Block {
  type?: string;
  text?: string;
  thinking?: string;
  signature?: string;
  data?: string;
  id?: string;
  name?: string;
  input?: JsonObject;
}

interface StopDetails {
  explanation?: string | null;
}

interface ClaudeUsage {
  input_tokens?: number | null;
  output_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  output_tokens_details?: { thinking_tokens?: number | null } | null;
}

/** Reads a stream of events; a whole message (an answer that is not a stream) becomes one by `claudeEvents`. */
export function createClaudeDecoder(failure: (event: ClaudeEvent) => Error): ClaudeDecoder {
  const end: EndPart = { type: 'end', reason: 'other' };
  const usage: ClaudeUsage = {};
  /** Tool calls by content block: the block's index counts texts too, a call's own does not. */
  const calls = new Map<number | undefined, { index: number; input: JsonObject; json: string }>();
  let callCount = 0;

  return {
    read(event) {
      switch (event.type) {
        case 'message_start':
          if (event.message?.id) end.responseId = event.message.id;
          if (event.message?.model) end.model = event.message.model;
          keepKnown(usage, event.message?.usage);
          return [];
        case 'content_block_start': {
          const block = event.content_block ?? {};
          if (block.type !== 'tool_use') return blockParts(block);
          const index = callCount++;
          calls.set(event.index, { index, input: block.input ?? {}, json: '' });
          return [{ type: 'tool-call', index, id: block.id ?? '', name: block.name ?? '', arguments: '' }];
        }
        case 'content_block_delta': {
          const { type, ...delta } = event.delta ?? {};
          if (type !== 'input_json_delta') return blockParts({ ...delta, type: type?.replace('_delta', '') ?? '' });
          const call = calls.get(event.index);
          if (!call || !delta.partial_json) return [];
          call.json += delta.partial_json;
          return [{ type: 'tool-call', index: call.index, arguments: delta.partial_json }];
        }
        case 'content_block_stop': {
          // A tool without arguments streams no JSON at all, and an answer that came whole carries it in its start.
          const call = calls.get(event.index);
          return call && call.json === '' ? [{ type: 'tool-call', index: call.index, arguments: JSON.stringify(call.input) }] : [];
        }
        case 'message_delta': {
          keepKnown(usage, event.usage);
          const { stop_reason: reason, stop_details: details } = event.delta ?? {};
          if (reason) end.reason = endReasons[reason] ?? 'other';
          return reason === 'refusal' && details?.explanation ? [{ type: 'text', text: details.explanation, refusal: true }] : [];
        }
        case 'message_stop':
          return [{ ...end, ...(typeof usage.output_tokens === 'number' && { usage: toUsage(usage) }) }];
        case 'error':
          throw failure(event);
        default:
          return [];
      }
    },
  };
}

/** A whole message as the events it would have been streamed as. */
export function claudeEvents(message: NonNullable<ClaudeEvent['message']> & ClaudeEvent): ClaudeEvent[] {
  return [
    { type: 'message_start', message },
    ...(message.content ?? []).flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: block },
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: message.stop_reason ?? null, stop_details: message.stop_details ?? null } },
    { type: 'message_stop' },
  ];
}

/** `pause_turn` is not an end of the turn, and `compaction` not one a caller knows: both stay `other`. */
const endReasons = byName<EndReason>({
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
});

/** What a block starts with, or a delta adds. */
function blockParts(block: Block): Part[] {
  switch (block.type) {
    case 'text':
      return block.text ? [{ type: 'text', text: block.text }] : [];
    case 'thinking':
    case 'signature':
      return block.thinking || block.signature
        ? [{ type: 'thought', text: block.thinking ?? '', ...(block.signature && { signature: block.signature }) }]
        : [];
    case 'redacted_thinking':
      return [{ type: 'thought', text: '', opaque: { type: 'redacted_thinking', data: block.data ?? '' } }];
    default:
      return [];
  }
}

/** Counts are cumulative and repeated with holes: the last one that is a number holds. */
function keepKnown(known: ClaudeUsage, news: ClaudeUsage | undefined): void {
  for (const [name, value] of Object.entries(news ?? {})) if (value !== null) Object.assign(known, { [name]: value });
}

function toUsage(usage: ClaudeUsage): Usage {
  const cached = usage.cache_read_input_tokens ?? 0;
  const written = usage.cache_creation_input_tokens ?? 0;
  const thinking = usage.output_tokens_details?.thinking_tokens;
  return {
    inputTokens: (usage.input_tokens ?? 0) + cached + written,
    outputTokens: usage.output_tokens ?? 0,
    ...(cached > 0 && { cachedInputTokens: cached }),
    ...(written > 0 && { cacheWriteTokens: written }),
    ...(thinking && { reasoningTokens: thinking }),
  };
}
