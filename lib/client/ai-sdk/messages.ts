import type { JsonObject } from '../../protocol/json.ts';
import type { ChatMessage, ChatTextPart, ChatToolCall, ChatUserPart, ReasoningDetail } from '../../protocol/openai.ts';
import { toDataUrl } from './base64.ts';
import type { FilePart, Options, PromptMessage, TextPart, ToolOutput, Warning } from './spec.ts';

/** Says what could not be carried. */
export type Warn = (feature: string, details?: string) => void;

type Assistant = Extract<PromptMessage, { role: 'assistant' }>;
/** With what this provider gave out and wants back (`ReasoningDetail`). */
type AssistantMessage = Extract<ChatMessage, { role: 'assistant' }> & { reasoning_details?: ReasoningDetail[] };
type ToolContent = ChatTextPart | Extract<ChatUserPart, { type: 'image_url' }>;

/** A prompt of the SDK as messages of `chat.completions`. */
export function toMessages(prompt: PromptMessage[], warn: Warn): ChatMessage[] {
  return prompt.flatMap((message, index): ChatMessage[] => {
    if (message.role === 'system') return [{ role: 'system', content: message.content }];
    if (message.role === 'user') return [{ role: 'user', content: message.content.flatMap((part) => userPart(part, warn)) }];
    if (message.role === 'assistant') return [assistant(message, index === prompt.length - 1, warn)];
    return message.content.flatMap((part) =>
      part.type === 'tool-result'
        ? [{ role: 'tool' as const, tool_call_id: part.toolCallId, content: toolContent(part.output, warn) } as ChatMessage]
        : [],
    );
  });
}

/** Of a list of warnings for the result. */
export function toWarn(warnings: Warning[]): Warn {
  return (feature, details) => void warnings.push({ type: 'unsupported', feature, ...(details !== undefined && { details }) });
}

function userPart(part: TextPart | FilePart, warn: Warn): ChatUserPart[] {
  if (part.type === 'text') return [{ type: 'text', text: part.text }];
  const { data, filename } = part;
  // `image/*` means any image; every decoder finds out which.
  const mediaType = part.mediaType === 'image/*' ? 'image/png' : part.mediaType;
  const url = toDataUrl(data, mediaType);
  if (url === undefined) {
    warn('file address', 'Pass the bytes: nothing is fetched for a page.');
    return [];
  }
  if (mediaType.startsWith('image/')) return [{ type: 'image_url', image_url: { url, ...detailOf(part.providerOptions) } }];
  if (mediaType.startsWith('audio/')) {
    const format = mediaType === 'audio/mpeg' ? 'mp3' : mediaType.replace(/^audio\/(x-)?/, '').replace(/\W.*$/, '');
    return [{ type: 'input_audio', input_audio: { data: url.slice(url.indexOf(',') + 1), format } }];
  }
  return [{ type: 'file', file: { file_data: url, ...(filename !== undefined && { filename }) } }];
}

function detailOf(options: Options | undefined): { detail?: 'auto' | 'low' | 'high' } {
  const detail = options?.switchboard?.imageDetail;
  return detail === 'auto' || detail === 'low' || detail === 'high' ? { detail } : {};
}

function assistant({ content, providerOptions }: Assistant, isLast: boolean, warn: Warn): AssistantMessage {
  let text = '';
  let reasoning = '';
  const details: ReasoningDetail[] = [];
  const calls: ChatToolCall[] = [];
  for (const part of content) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'reasoning') {
      reasoning += part.text;
      details.push(...detailsOf(part.text, part.providerOptions));
    } else if (part.type === 'tool-call') calls.push(toolCall(part.toolCallId, part.toolName, part.input, part.providerOptions));
    else warn(`${part.type} in an assistant message`);
  }
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(details.some(({ signature, opaque }) => signature ?? opaque) && { reasoning_details: details }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(isLast && providerOptions?.switchboard?.prefix === true && { prefix: true }),
  };
}

/** As they were given out; reasoning of another provider's has no details here and is its text alone. */
function detailsOf(text: string, options: Options | undefined): ReasoningDetail[] {
  const given = options?.switchboard?.reasoningDetails;
  return Array.isArray(given) ? (given as unknown as ReasoningDetail[]) : [{ type: 'reasoning.text', text }];
}

function toolCall(id: string, name: string, input: unknown, options: Options | undefined): ChatToolCall {
  const extra = options?.switchboard?.extraContent;
  const text = typeof input === 'string' ? input : JSON.stringify(input ?? {});
  return { id, type: 'function', function: { name, arguments: text }, ...(extra ? { extra_content: extra as JsonObject } : {}) };
}

function toolContent(output: ToolOutput, warn: Warn): string | ToolContent[] {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value);
    case 'execution-denied':
      return output.reason ?? 'The user did not allow this tool to run.';
    case 'content':
      return output.value.flatMap((part) => toolPart(part, warn));
  }
}

function toolPart(part: Extract<ToolOutput, { type: 'content' }>['value'][number], warn: Warn): ToolContent[] {
  if ('text' in part) return [{ type: 'text', text: part.text }];
  const { data, mediaType } = part;
  const url = data !== undefined && mediaType?.startsWith('image/') ? toDataUrl(data, mediaType) : undefined;
  if (url !== undefined) return [{ type: 'image_url', image_url: { url } }];
  warn(`${part.type} in a tool result`);
  return [];
}
