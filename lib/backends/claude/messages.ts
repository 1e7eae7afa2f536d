import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { AssistantContent, Message, ToolResult, UserContent } from '../../protocol/message.ts';
import { fileText, toolArguments } from '../body.ts';

/**
 * A conversation as Claude takes it: system text apart, turns of `user` and `assistant` in alternation, results of
 * tools first in the turn after their calls, no empty text.
 */
export function claudeMessages(messages: Message[]): { system: JsonObject[]; messages: JsonObject[] } {
  const system: JsonObject[] = [];
  const turns: { role: 'user' | 'assistant'; content: JsonObject[] }[] = [];
  for (const message of messages) {
    if (message.role === 'system') {
      system.push(...message.content.flatMap(textBlock));
      continue;
    }
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content =
      message.role === 'assistant'
        ? message.content.flatMap(assistantBlock)
        : message.role === 'tool'
          ? message.content.map(toolResultBlock)
          : message.content.flatMap(userBlock);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) turns.push({ role, content });
  }
  // A conversation opens with the user; a greeting by the assistant is answered for.
  if (turns[0]?.role !== 'user') turns.unshift({ role: 'user', content: [{ type: 'text', text: '(start)' }] });
  trimPrefill(turns.at(-1));
  return { system, messages: turns.map((turn) => ({ role: turn.role, content: turn.content })) };
}

/** The service refuses a last assistant turn that ends in white space. */
function trimPrefill(turn: { role: string; content: JsonObject[] } | undefined): void {
  const block = turn?.role === 'assistant' ? turn.content.at(-1) : undefined;
  if (typeof block?.text === 'string') block.text = block.text.trimEnd();
}

function textBlock({ text }: { text: string }): JsonObject[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function userBlock(content: UserContent): JsonObject[] {
  switch (content.type) {
    case 'text':
      return textBlock(content);
    case 'image':
      return [imageBlock(content)];
    case 'audio':
      throw new SwitchboardError('not-supported', 'Claude does not listen to audio. Send text, images or documents.');
    case 'file':
      return [documentBlock(content)];
  }
}

function assistantBlock(content: AssistantContent): JsonObject[] {
  switch (content.type) {
    case 'text':
    case 'refusal':
      return textBlock(content);
    case 'thought':
      // Only what the service signed may be sent back, and exactly as it came.
      if (content.opaque) return content.opaque.type === 'redacted_thinking' ? [{ ...content.opaque }] : [];
      return content.signature ? [{ type: 'thinking', thinking: content.text, signature: content.signature }] : [];
    case 'tool-call':
      return [{ type: 'tool_use', id: toolId(content.id), name: content.name, input: toolArguments(content.arguments, content.name) }];
  }
}

function toolResultBlock(result: ToolResult): JsonObject {
  const content = result.content.flatMap((item): JsonObject[] => (item.type === 'text' ? textBlock(item) : [imageBlock(item)]));
  return {
    type: 'tool_result',
    tool_use_id: toolId(result.callId),
    ...(content.length > 0 && { content }),
    ...(result.isError && { is_error: true }),
  };
}

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

function imageBlock({ mediaType, data }: { mediaType: string; data: string }): JsonObject {
  if (!imageTypes.includes(mediaType))
    throw new SwitchboardError('not-supported', `Claude reads JPEG, PNG, GIF and WebP images, not ${mediaType}. Convert it first.`);
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data } };
}

function documentBlock({ mediaType, data, name }: { mediaType: string; data: string; name?: string }): JsonObject {
  const title = name ? { title: name } : {};
  if (mediaType === 'application/pdf') return { type: 'document', source: { type: 'base64', media_type: mediaType, data }, ...title };
  if (mediaType.startsWith('text/') || mediaType === 'application/json') {
    return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: fileText(data) }, ...title };
  }
  throw new SwitchboardError('not-supported', `Claude reads PDF and text files, not ${mediaType}. Convert it first.`);
}

/** Ids made by other backends may hold characters that Claude refuses. */
function toolId(id: string): string {
  return id.replace(/[^\w-]/g, '_');
}
