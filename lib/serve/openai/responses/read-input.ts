import type { AssistantContent, Message, TextContent, ToolResult, UserContent } from '../../../protocol/message.ts';
import { defined } from '../../params/defined.ts';
import { readParams, refuseField } from '../../params/read-params.ts';
import { readBase64, readDataUrl } from '../media.ts';
import { type InputItem, type InputMessage, type InputPart, inputItem, inputMessage } from './items.ts';
import { openThought } from './sealed-thought.ts';

/** Items of the field `name` as messages. What the assistant did in a row (reasoning, text, calls) is one message. */
export function readInput(input: string | unknown[], name: string): Message[] {
  if (typeof input === 'string') return [{ role: 'user', content: [said(input)] }];
  const messages: Message[] = [];
  for (const [index, item] of input.entries()) {
    const place = `${name}[${index}]`;
    const within = [name, index];
    const read = isMessage(item)
      ? fromMessage(readParams(inputMessage(), item, within), place)
      : fromItem(readParams(inputItem(), known(item, place), within), place);
    const last = messages.at(-1);
    if (read.role === 'assistant' && last?.role === 'assistant') last.content.push(...read.content);
    else messages.push(read);
  }
  return messages;
}

function isMessage(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'role' in item;
}

/** What is kept at OpenAI cannot be named here; the rest are results of tools that OpenAI runs itself. */
function known(item: unknown, place: string): unknown {
  const type = (item as { type?: unknown } | null)?.type;
  if (type === 'item_reference') return refuseField(place, 'names an item that Switchboard does not keep; send the item itself');
  if (typeof type === 'string' && !['function_call', 'function_call_output', 'reasoning'].includes(type))
    return refuseField(`${place}.type`, 'should be "message" or "function_call" or "function_call_output" or "reasoning"');
  return item;
}

function fromMessage({ role, content }: InputMessage, place: string): Message {
  const parts: InputPart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  if (role === 'assistant') return { role, content: parts.map((part, index) => assistantPart(part, `${place}.content[${index}]`)) };
  if (role === 'user') return { role, content: parts.map((part, index) => userPart(part, `${place}.content[${index}]`)) };
  return { role: 'system', content: parts.map((part, index) => textPart(part, `${place}.content[${index}]`)) };
}

function fromItem(item: InputItem, place: string): Message {
  switch (item.type) {
    case 'function_call': {
      const { call_id: id, name, arguments: json, extra_content: opaque } = item;
      return { role: 'assistant', content: [{ type: 'tool-call', id, name, arguments: json, ...defined({ opaque }) }] };
    }
    case 'function_call_output': {
      const parts: InputPart[] = typeof item.output === 'string' ? [{ type: 'text', text: item.output }] : item.output;
      const content = parts.map((part, index) => resultPart(part, `${place}.output[${index}]`));
      return { role: 'tool', content: [{ type: 'tool-result', callId: item.call_id, content }] };
    }
    case 'reasoning': {
      const text = [...(item.summary ?? []), ...(item.content ?? [])].map((part) => part.text).join('\n\n');
      return { role: 'assistant', content: [{ type: 'thought', text: text.toWellFormed(), ...openThought(item.encrypted_content) }] };
    }
  }
}

function said(text: string): TextContent {
  return { type: 'text', text: text.toWellFormed() };
}

function assistantPart(part: InputPart, place: string): AssistantContent {
  return part.type === 'refusal' ? { type: 'refusal', text: part.refusal.toWellFormed() } : textPart(part, place);
}

function textPart(part: InputPart, place: string): TextContent {
  return 'text' in part ? said(part.text) : refuseField(place, 'should be text');
}

function resultPart(part: InputPart, place: string): ToolResult['content'][number] {
  const content = userPart(part, place);
  return content.type === 'text' || content.type === 'image' ? content : refuseField(place, 'should be text or an image');
}

function userPart(part: InputPart, place: string): UserContent {
  switch (part.type) {
    case 'input_image': {
      if (!part.image_url) return refuseField(`${place}.image_url`, 'is missing');
      const image = readDataUrl(part.image_url, `${place}.image_url`);
      if (!image.mediaType.startsWith('image/')) refuseField(`${place}.image_url`, 'is not an image');
      const detail = part.detail === 'original' ? 'high' : part.detail;
      return { type: 'image', ...image, ...defined({ detail: detail ?? undefined }) };
    }
    case 'input_file': {
      if (!part.file_data) return refuseField(`${place}.file_data`, 'is missing');
      const file = /^data:/i.test(part.file_data)
        ? readDataUrl(part.file_data, `${place}.file_data`)
        : { mediaType: 'application/pdf', data: readBase64(part.file_data, `${place}.file_data`) };
      return { type: 'file', ...file, ...defined({ name: part.filename ?? undefined }) };
    }
    case 'input_audio': {
      const { data, format } = part.input_audio;
      const mediaType = format === 'mp3' ? 'audio/mpeg' : `audio/${format}`;
      return { type: 'audio', mediaType, data: readBase64(data, `${place}.input_audio.data`) };
    }
    case 'refusal':
      return said(part.refusal);
    default:
      return said(part.text);
  }
}
