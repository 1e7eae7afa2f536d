import type { ChatBody, ChatCompletion } from '../../protocol/openai.ts';
import type { Content, GenerateResult, Json, Metadata, Warning } from './spec.ts';
import { toFinishReason, toUsage } from './usage.ts';

/** A whole answer as the SDK wants it: reasoning first, as it was thought. */
export function toResult(completion: ChatCompletion, body: ChatBody, warnings: Warning[]): GenerateResult {
  const { id, created, model, usage, choices } = completion;
  const [choice] = choices;
  const { content, refusal, reasoning_content: reasoning, reasoning_details: details, tool_calls: calls = [] } = choice?.message ?? {};
  const said = `${content ?? ''}${refusal ?? ''}`;
  const parts: Content[] = [];
  if (reasoning) parts.push({ type: 'reasoning', text: reasoning, ...metadata({ reasoningDetails: details as unknown as Json }) });
  if (said) parts.push({ type: 'text', text: said });
  for (const { id: toolCallId, function: called, extra_content: extra } of calls) {
    const call = { type: 'tool-call' as const, toolCallId, toolName: called.name, input: called.arguments };
    parts.push({ ...call, ...metadata({ extraContent: extra as Json | undefined }) });
  }
  return {
    content: parts,
    finishReason: toFinishReason(choice?.finish_reason),
    usage: toUsage(usage),
    ...metadata({ logprobs: choice?.logprobs?.content as unknown as Json, refusal: refusal ?? undefined }),
    request: { body },
    response: { id, timestamp: new Date(created * 1000), modelId: model, body: completion },
    warnings,
  };
}

/** What this provider alone knows, under its name; nothing where there is nothing. */
export function metadata(fields: Record<string, Json | undefined>): { providerMetadata?: Metadata } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length > 0 ? { providerMetadata: { switchboard: Object.fromEntries(given) } } : {};
}
