import type { Message } from '../../protocol/message.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import type { Quirks } from './quirks.ts';

/**
 * The messages, with the format told to the model where the server holds an answer to JSON but to no schema. Such
 * servers go on with white space for ever unless the messages speak of JSON, and OpenAI refuses the request, so that is
 * told where nobody said it.
 */
export function toldFormat(
  { messages, responseFormat: format }: Pick<ChatRequest, 'messages' | 'responseFormat'>,
  { jsonOnly, jsonMention }: Pick<Quirks, 'jsonOnly' | 'jsonMention'>,
): Message[] {
  if (!(jsonOnly || jsonMention) || !format) return messages;
  if (jsonOnly && format.type === 'json-schema')
    return instructed(messages, `Answer with JSON alone. It must conform to this JSON schema: ${JSON.stringify(format.schema)}`);
  return format.type === 'json' && !speaksOfJson(messages) ? instructed(messages, 'Answer with JSON alone.') : messages;
}

/** The request without a format, which the model is told instead: for servers that take no format beside tools. */
export function toldInstead(request: ChatRequest): ChatRequest {
  const { responseFormat, ...rest } = request;
  return responseFormat ? { ...rest, messages: toldFormat(request, { jsonOnly: true }) } : request;
}

/** Behind the instructions there are, so that they stay the beginning of the conversation. */
function instructed(messages: Message[], text: string): Message[] {
  const at = messages.findIndex(({ role }) => role !== 'system');
  const instruction: Message = { role: 'system', content: [{ type: 'text', text }] };
  return messages.toSpliced(at < 0 ? messages.length : at, 0, instruction);
}

function speaksOfJson(messages: Message[]): boolean {
  return messages.some(({ content }) => content.some((item) => item.type === 'text' && /json/i.test(item.text)));
}
