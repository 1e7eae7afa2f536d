import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type {
  AssistantContent,
  AudioContent,
  FileContent,
  ImageContent,
  Message,
  ToolResult,
  UserContent,
} from '../../protocol/message.ts';
import type { Quirks } from './quirks.ts';
import { shortCallId } from './short-call-id.ts';

/** A conversation as `messages` of the body. Throws `not-supported` for content the server cannot take. */
export function wireMessages(messages: Message[], quirks: Quirks): JsonObject[] {
  return messages.flatMap((message) => wireMessage(message, quirks));
}

function wireMessage(message: Message, quirks: Quirks): JsonObject[] {
  switch (message.role) {
    case 'system':
      return [{ role: quirks.systemRole ?? 'system', content: joinText(message.content) }];
    case 'user':
      return [{ role: 'user', content: userContent(message.content, quirks), ...nameOf(message, quirks) }];
    case 'assistant':
      return [
        {
          role: 'assistant',
          ...assistantFields(message.content, quirks),
          ...nameOf(message, quirks),
          ...(message.prefix && quirks.marksPrefix && { prefix: true }),
        },
      ];
    case 'tool':
      return toolMessages(message.content, quirks);
  }
}

/** Plain text stays a plain string: many chat templates know nothing else. */
function userContent(content: UserContent[], quirks: Quirks): string | JsonObject[] {
  const texts = content.filter((item) => item.type === 'text');
  return texts.length === content.length ? joinText(texts) : content.map((item) => userPart(item, quirks));
}

function userPart(item: UserContent, quirks: Quirks): JsonObject {
  switch (item.type) {
    case 'text':
      return { type: 'text', text: item.text };
    case 'image':
      return imagePart(item);
    case 'audio':
      return audioPart(item, quirks);
    case 'file':
      return filePart(item, quirks);
  }
}

function imagePart(image: ImageContent): JsonObject {
  return { type: 'image_url', image_url: { url: dataUrl(image), ...(image.detail !== undefined && { detail: image.detail }) } };
}

function audioPart(audio: AudioContent, quirks: Quirks): JsonObject {
  const format = audioFormat(audio, quirks);
  return { type: 'input_audio', input_audio: quirks.plainAudio ? audio.data : { data: audio.data, format } };
}

function filePart(file: FileContent, { files }: Quirks): JsonObject {
  if (!files) throw new SwitchboardError('not-supported', "The user's model takes no files. Send their text instead.");
  const name = file.name ?? `file.${file.mediaType.split('/')[1] ?? 'bin'}`;
  if (files === 'document_url') return { type: 'document_url', document_url: dataUrl(file), document_name: name };
  return { type: 'file', file: { filename: name, file_data: dataUrl(file) } };
}

function audioFormat({ mediaType }: AudioContent, { audioFormats }: Quirks): string {
  const subtype = (mediaType.split(';')[0] ?? '').replace(/^audio\/(x-)?/i, '').toLowerCase();
  const format = { mpeg: 'mp3', mpga: 'mp3', wave: 'wav', 'vnd.wave': 'wav', mp4: 'm4a' }[subtype] ?? subtype;
  if (audioFormats?.length === 0) throw new SwitchboardError('not-supported', "The user's model takes no sound. Send text instead.");
  if (audioFormats && !audioFormats.includes(format))
    throw new SwitchboardError('not-supported', `The user's model takes audio as ${audioFormats.join(' or ')}, not as ${mediaType}.`);
  return format;
}

function assistantFields(content: AssistantContent[], { thoughtField, thoughtAlways, shortCallIds, callsWithText }: Quirks): JsonObject {
  const text = content.map((item) => (item.type === 'text' ? item.text : '')).join('');
  const calls = content.filter((item) => item.type === 'tool-call');
  const refusal = content.filter((item) => item.type === 'refusal').map((item) => item.text);
  const thoughts = content.filter((item) => item.type === 'thought');
  const details = thoughts.flatMap(({ opaque }) => (Array.isArray(opaque?.reasoning_details) ? opaque.reasoning_details : []));
  const thought = thoughts.map((item) => item.text).join('');
  const said = text === '' && !callsWithText && (calls.length > 0 || refusal.length > 0) ? null : text;
  return {
    content: thoughtField === 'content' && thought !== '' ? thoughtChunks(thought, text) : said,
    ...(refusal.length > 0 && { refusal: refusal.join('') }),
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ id, name, arguments: args }) => ({
        id: shortCallIds ? shortCallId(id) : id,
        type: 'function',
        // A call without arguments comes as empty text, and must go back as JSON.
        function: { name, arguments: args.trim() === '' ? '{}' : args },
      })),
    }),
    ...(thoughtField === 'reasoning_details' && details.length > 0 && { reasoning_details: details }),
    ...(thoughtField !== undefined &&
      thoughtField !== 'reasoning_details' &&
      thoughtField !== 'content' &&
      (thought !== '' || thoughtAlways) && { [thoughtField]: thought }),
  };
}

function thoughtChunks(thought: string, text: string): JsonObject[] {
  return [
    { type: 'thinking', thinking: [{ type: 'text', text: thought }], closed: true },
    ...(text === '' ? [] : [{ type: 'text', text }]),
  ];
}

/** Most tool messages hold text alone; images that tools returned then follow in a message of the user, after all results. */
function toolMessages(results: ToolResult[], { toolResultName, toolImages, shortCallIds }: Quirks): JsonObject[] {
  const messages: JsonObject[] = results.map(({ callId, name, content, isError }) => {
    const said = joinText(content.filter((item) => item.type === 'text'));
    const text = isError ? `Error: ${said}` : said;
    const images = toolImages ? imagesIn(content) : [];
    return {
      role: 'tool',
      tool_call_id: shortCallIds ? shortCallId(callId) : callId,
      content: images.length > 0 ? [{ type: 'text', text }, ...images] : text,
      ...(toolResultName && name !== undefined && { name }),
    };
  });
  const images = toolImages ? [] : results.flatMap(({ content }) => imagesIn(content));
  if (images.length > 0) messages.push({ role: 'user', content: [{ type: 'text', text: 'Images returned by the tools:' }, ...images] });
  return messages;
}

function imagesIn(content: ToolResult['content']): JsonObject[] {
  return content.filter((item) => item.type === 'image').map(imagePart);
}

function joinText(content: { text: string }[]): string {
  return content.map(({ text }) => text).join('\n');
}

function dataUrl({ mediaType, data }: { mediaType: string; data: string }): string {
  return `data:${mediaType};base64,${data}`;
}

function nameOf({ name }: { name?: string }, { noNames }: Quirks): { name?: string } {
  return name === undefined || noNames ? {} : { name };
}
