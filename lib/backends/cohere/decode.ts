import type { EndPart, EndReason, Part, Usage } from '../../protocol/part.ts';
import { byName } from '../by-name.ts';

/** One event of a stream; the type is in the data. Unknown types (citations) are passed over. */
export interface CohereEvent {
  type?: string;
  id?: string;
  index?: number;
  delta?: {
    message?: { content?: CohereContent; tool_plan?: string; tool_calls?: CohereCall };
    finish_reason?: string;
    usage?: CohereUsage;
    error?: string;
  };
}

/** A whole answer, where the service does not stream. */
export interface CohereMessage {
  id?: string;
  finish_reason?: string;
  message?: { content?: CohereContent[]; tool_plan?: string; tool_calls?: CohereCall[] };
  usage?: CohereUsage;
}

interface CohereContent {
  type?: string;
  text?: string;
  thinking?: string;
}

interface CohereCall {
  id?: string;
  function?: { name?: string; arguments?: string };
}

interface CohereUsage {
  tokens?: { input_tokens?: number; output_tokens?: number };
  billed_units?: { input_tokens?: number; output_tokens?: number };
  cached_tokens?: number;
}

/** Reads the events of one answer. `failure` is told how an answer failed: the reason, and the service's words if it has any. */
export function createCohereDecoder(failure: (reason: string, words?: string) => Error): (event: CohereEvent) => Part[] {
  let responseId: string | undefined;
  let callCount = 0;

  return (event) => {
    const { message, finish_reason: reason, usage, error } = event.delta ?? {};
    switch (event.type) {
      case 'message-start':
        responseId = event.id;
        return [];
      case 'content-start':
      case 'content-delta':
        return contentParts(message?.content);
      case 'tool-plan-delta':
        return message?.tool_plan ? [{ type: 'thought', text: message.tool_plan }] : [];
      case 'tool-call-start':
        callCount += 1;
        return [callPart(message?.tool_calls, callCount - 1)];
      case 'tool-call-delta': {
        const fragment = message?.tool_calls?.function?.arguments;
        return fragment ? [{ type: 'tool-call', index: callCount - 1, arguments: fragment }] : [];
      }
      case 'message-end':
        if (reason && failed.has(reason)) throw failure(reason, error);
        return [endPart(reason, usage, responseId)];
      default:
        return [];
    }
  };
}

/** A whole answer as the events it would have been streamed as. */
export function cohereEvents({ id, finish_reason, message, usage }: CohereMessage): CohereEvent[] {
  return [
    { type: 'message-start', ...(id && { id }) },
    ...(message?.tool_plan ? [{ type: 'tool-plan-delta', delta: { message: { tool_plan: message.tool_plan } } }] : []),
    ...(message?.content ?? []).map((content) => ({ type: 'content-start', delta: { message: { content } } })),
    ...(message?.tool_calls ?? []).map((call) => ({ type: 'tool-call-start', delta: { message: { tool_calls: call } } })),
    { type: 'message-end', delta: { ...(finish_reason && { finish_reason }), ...(usage && { usage }) } },
  ];
}

const failed = new Set(['ERROR', 'TIMEOUT']);

const endReasons = byName<EndReason>({
  COMPLETE: 'stop',
  STOP_SEQUENCE: 'stop',
  MAX_TOKENS: 'length',
  ERROR_LIMIT: 'length',
  TOOL_CALL: 'tool-calls',
  ERROR_TOXIC: 'content-filter',
});

function contentParts(content: CohereContent | undefined): Part[] {
  if (content?.thinking) return [{ type: 'thought', text: content.thinking }];
  return content?.text ? [{ type: 'text', text: content.text }] : [];
}

function callPart(call: CohereCall | undefined, index: number): Part {
  return {
    type: 'tool-call',
    index,
    id: call?.id ?? `call-${index}`,
    name: call?.function?.name ?? '',
    arguments: call?.function?.arguments ?? '',
  };
}

function endPart(reason: string | undefined, usage: CohereUsage | undefined, responseId: string | undefined): EndPart {
  const tokens = usage?.tokens ?? usage?.billed_units;
  const counted: Usage | undefined = tokens && {
    inputTokens: tokens.input_tokens ?? 0,
    outputTokens: tokens.output_tokens ?? 0,
    ...(usage?.cached_tokens && { cachedInputTokens: usage.cached_tokens }),
  };
  return {
    type: 'end',
    reason: endReasons[reason ?? ''] ?? 'other',
    ...(counted && { usage: counted }),
    ...(responseId && { responseId }),
  };
}
