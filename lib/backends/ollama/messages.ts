import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { AssistantContent, Message, ToolResult, UserContent } from '../../protocol/message.ts';
import { toolArguments } from '../body.ts';

/** A conversation as `messages` of `/api/chat`: text is one string, images stand beside it as base64. */
export function wireMessages(messages: Message[]): JsonObject[] {
  const calls = messages.flatMap(({ role, content }) => (role === 'assistant' ? content.filter((item) => item.type === 'tool-call') : []));
  const toolNames = new Map(calls.map(({ id, name }) => [id, name]));
  return messages.flatMap((message) => wireMessage(message, toolNames));
}

function wireMessage(message: Message, toolNames: Map<string, string>): JsonObject[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: textOf(message.content) }];
    case 'user':
      return [{ role: 'user', ...userFields(message.content) }];
    case 'assistant':
      return [{ role: 'assistant', ...assistantFields(message.content) }];
    case 'tool':
      return toolMessages(message.content, toolNames);
  }
}

function userFields(content: UserContent[]): JsonObject {
  const refused = content.find(({ type }) => type === 'audio' || type === 'file');
  if (refused)
    throw new SwitchboardError(
      'not-supported',
      `The user's model server takes no ${refused.type === 'audio' ? 'sound' : 'files'}. Send text.`,
    );
  return { content: textOf(content), ...imagesOf(content) };
}

function assistantFields(content: AssistantContent[]): JsonObject {
  const thinking = content.map((item) => (item.type === 'thought' ? item.text : '')).join('');
  const calls = content.filter((item) => item.type === 'tool-call');
  return {
    content: content.map((item) => (item.type === 'text' || item.type === 'refusal' ? item.text : '')).join(''),
    ...(thinking !== '' && { thinking }),
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ id, name, arguments: json }, index) => ({
        id,
        function: { index, name, arguments: toolArguments(json, name) },
      })),
    }),
  };
}

/** Templates show images of users only, so those that tools returned follow in a message of the user. */
function toolMessages(results: ToolResult[], names: Map<string, string>): JsonObject[] {
  const messages: JsonObject[] = results.map(({ callId, name = names.get(callId), content, isError }) => ({
    role: 'tool',
    content: `${isError ? 'Error: ' : ''}${textOf(content)}`,
    ...(name !== undefined && { tool_name: name }),
    tool_call_id: callId,
  }));
  const images = imagesOf(results.flatMap(({ content }) => content));
  return images.images ? [...messages, { role: 'user', content: 'Images returned by the tools:', ...images }] : messages;
}

function textOf(content: (UserContent | ToolResult['content'][number])[]): string {
  return content
    .filter((item) => item.type === 'text')
    .map(({ text }) => text)
    .join('\n');
}

function imagesOf(content: (UserContent | ToolResult['content'][number])[]): { images?: string[] } {
  const images = content.filter((item) => item.type === 'image').map(({ data }) => data);
  return images.length > 0 ? { images } : {};
}
