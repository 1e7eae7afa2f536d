import type { ChatCompletionChunk, ChatDelta, CompletionUsage, FinishReason, ReasoningDetail } from '../../protocol/openai.ts';
import { metadata } from './generate.ts';
import type { Json, StreamPart } from './spec.ts';
import { toFinishReason, toUsage } from './usage.ts';

/** Turns the chunks of one answer into the SDK's parts. */
export interface PartMaker {
  of(chunk: ChatCompletionChunk): StreamPart[];
  /** `reason` where the answer did not come to its end. */
  finish(reason?: 'error'): StreamPart[];
}

interface OpenCall {
  id: string;
  name: string;
  input: string;
  extra?: Json;
}

/** Each block (text, reasoning, the input of a tool) is opened when it begins and closed before the next one does. */
export function createPartMaker(): PartMaker {
  const calls = new Map<number, OpenCall>();
  const details: ReasoningDetail[] = [];
  const logprobs: Json[] = [];
  let open: { type: 'text' | 'reasoning'; id: string } | undefined;
  let blocks = 0;
  let isNamed = false;
  let reason: FinishReason | null = null;
  let usage: CompletionUsage | null | undefined;

  return {
    of(chunk) {
      const [choice] = chunk.choices;
      usage = chunk.usage ?? usage;
      reason = choice?.finish_reason ?? reason;
      logprobs.push(...((choice?.logprobs?.content ?? []) as unknown as Json[]));
      return [...name(chunk), ...(choice ? deltaParts(choice.delta) : [])];
    },
    finish: (failed) => [
      ...close(),
      ...[...calls.values()].flatMap(failed ? () => [] : endOf),
      {
        type: 'finish',
        usage: toUsage(usage),
        finishReason: failed ? { unified: failed, raw: undefined } : toFinishReason(reason),
        ...metadata({ logprobs: logprobs.length > 0 ? logprobs : undefined }),
      },
    ],
  };

  function name({ id, created, model }: ChatCompletionChunk): StreamPart[] {
    if (isNamed) return [];
    isNamed = true;
    return [{ type: 'response-metadata', id, timestamp: new Date(created * 1000), modelId: model }];
  }

  function deltaParts(delta: ChatDelta): StreamPart[] {
    details.push(...(delta.reasoning_details ?? []));
    return [
      ...(delta.reasoning_content ? grow('reasoning', delta.reasoning_content) : []),
      ...(delta.content ? grow('text', delta.content) : []),
      ...(delta.refusal ? grow('text', delta.refusal) : []),
      ...(delta.tool_calls ?? []).flatMap(growCall),
    ];
  }

  function grow(type: 'text' | 'reasoning', delta: string): StreamPart[] {
    const before = open?.type === type ? [] : close();
    const isNew = open === undefined;
    open ??= { type, id: `${type}-${blocks++}` };
    const { id } = open;
    return [...before, ...(isNew ? [{ type: `${type}-start`, id } as StreamPart] : []), { type: `${type}-delta`, id, delta }];
  }

  function growCall({ index, id, function: called, extra_content: extra }: NonNullable<ChatDelta['tool_calls']>[number]): StreamPart[] {
    const known = calls.get(index);
    const call = known ?? { id: id ?? `call-${index}`, name: called.name ?? '', input: '', ...(extra && { extra: extra as Json }) };
    calls.set(index, call);
    call.input += called.arguments;
    return [
      ...close(),
      ...(known ? [] : [{ type: 'tool-input-start', id: call.id, toolName: call.name } as const]),
      ...(called.arguments ? [{ type: 'tool-input-delta', id: call.id, delta: called.arguments } as const] : []),
    ];
  }

  function endOf({ id, name: toolName, input, extra }: OpenCall): StreamPart[] {
    const call = { type: 'tool-call' as const, toolCallId: id, toolName, input: input || '{}', ...metadata({ extraContent: extra }) };
    return [{ type: 'tool-input-end', id }, call];
  }

  function close(): StreamPart[] {
    if (!open) return [];
    const { type, id } = open;
    open = undefined;
    if (type === 'text') return [{ type: 'text-end', id }];
    const given = details.splice(0);
    return [{ type: 'reasoning-end', id, ...metadata({ reasoningDetails: given.length > 0 ? (given as unknown as Json) : undefined }) }];
  }
}
