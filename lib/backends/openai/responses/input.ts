import { SwitchboardError } from '../../../protocol/errors.ts';
import type { JsonObject } from '../../../protocol/json.ts';
import type { AssistantContent, FileContent, ImageContent, Message, ToolResult, UserContent } from '../../../protocol/message.ts';

/** A conversation as `input`: one item for each message, reasoning, call and result. */
export function inputItems(messages: Message[], systemRole: 'developer' | 'system' = 'developer'): JsonObject[] {
  return messages.flatMap((message): JsonObject[] => {
    switch (message.role) {
      case 'system':
        return [{ role: systemRole, content: message.content.map(({ text }) => text).join('\n') }];
      case 'user':
        return [{ role: 'user', content: userContent(message.content) }];
      case 'tool':
        return message.content.map(resultItem);
      default:
        if (message.prefix) throw cannot('continue an answer that the page has begun');
        return assistantItems(message.content);
    }
  });
}

function userContent(content: UserContent[]): string | JsonObject[] {
  const texts = content.filter((item) => item.type === 'text');
  return texts.length === content.length ? texts.map(({ text }) => text).join('\n') : content.map(userPart);
}

function userPart(item: UserContent): JsonObject {
  switch (item.type) {
    case 'text':
      return { type: 'input_text', text: item.text };
    case 'image':
      return imagePart(item);
    case 'file':
      return { type: 'input_file', filename: item.name ?? `file.${item.mediaType.split('/')[1] ?? 'bin'}`, file_data: dataUrl(item) };
    case 'audio':
      throw cannot('hear');
  }
}

/** In their order, because a call must follow the reasoning that led to it. */
function assistantItems(content: AssistantContent[]): JsonObject[] {
  const items: JsonObject[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') items.push({ role: 'assistant', content: text });
    text = '';
  };
  for (const item of content) {
    if (item.type === 'text' || item.type === 'refusal') text += item.text;
    else if (item.type === 'tool-call') {
      flush();
      const { id, name, arguments: args } = item;
      items.push({ type: 'function_call', call_id: id, name, arguments: args.trim() === '' ? '{}' : args });
    } else {
      flush();
      items.push(...reasoningItem(item.opaque?.openai));
    }
  }
  flush();
  return items;
}

/** Nothing is kept at OpenAI, so reasoning goes back with its encrypted content or not at all. */
function reasoningItem(kept: unknown): JsonObject[] {
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return [];
  const { id, encrypted_content: encrypted, summary } = kept as JsonObject;
  if (typeof id !== 'string' || typeof encrypted !== 'string') return [];
  return [{ type: 'reasoning', id, summary: Array.isArray(summary) ? summary : [], encrypted_content: encrypted }];
}

function resultItem({ callId, content, isError }: ToolResult): JsonObject {
  const said = content.flatMap((item) => (item.type === 'text' ? [item.text] : [])).join('\n');
  const text = isError ? `Error: ${said}` : said;
  const images = content.filter((item) => item.type === 'image').map(imagePart);
  return {
    type: 'function_call_output',
    call_id: callId,
    output: images.length > 0 ? [{ type: 'input_text', text }, ...images] : text,
  };
}

function imagePart(image: ImageContent): JsonObject {
  return { type: 'input_image', image_url: dataUrl(image), detail: image.detail ?? 'auto' };
}

function dataUrl({ mediaType, data }: ImageContent | FileContent): string {
  return `data:${mediaType};base64,${data}`;
}

function cannot(what: string): SwitchboardError {
  return new SwitchboardError('not-supported', `The user's model cannot ${what}.`);
}
