import * as z from 'zod/mini';
import type { JsonObject } from '../../protocol/json.ts';
import type { AssistantContent, Message, TextContent, ToolResult, UserContent } from '../../protocol/message.ts';
import { lazy } from '../../protocol/parse.ts';
import { defined } from '../params/defined.ts';
import { refuseField } from '../params/read-params.ts';
import { jsonObject } from '../params/schemas.ts';
import { readBase64, readDataUrl } from './media.ts';

const schemas = lazy(() => {
  const textPart = z.object({ type: z.literal('text'), text: z.string() });
  const refusalPart = z.object({ type: z.literal('refusal'), refusal: z.string() });
  const imagePart = z.object({
    type: z.literal('image_url'),
    image_url: z.union([z.string(), z.object({ url: z.string(), detail: z.nullish(z.enum(['auto', 'low', 'high'])) })]),
  });
  const audioPart = z.object({
    type: z.literal('input_audio'),
    input_audio: z.object({ data: z.string(), format: z.string().check(z.regex(/^[a-z0-9]{2,8}$/)) }),
  });
  const filePart = z.object({
    type: z.literal('file'),
    file: z.object({
      file_data: z.optional(z.string()),
      filename: z.optional(z.string().check(z.maxLength(255))),
      file_id: z.optional(z.unknown()),
    }),
  });

  const parts = <Part extends z.core.SomeType>(part: Part) => z.union([z.string(), z.array(part).check(z.maxLength(1_000))]);
  const text = parts(z.discriminatedUnion('type', [textPart]));
  const callId = z.string().check(z.maxLength(256));
  const name = z.optional(z.string().check(z.maxLength(256)));
  const functionCall = z.object({ name: z.string().check(z.maxLength(256)), arguments: z.string() });

  const message = z.discriminatedUnion('role', [
    z.object({ role: z.enum(['system', 'developer']), content: text }),
    z.object({ role: z.literal('user'), content: parts(z.discriminatedUnion('type', [textPart, imagePart, audioPart, filePart])), name }),
    z.object({
      role: z.literal('assistant'),
      content: z.nullish(parts(z.discriminatedUnion('type', [textPart, refusalPart]))),
      refusal: z.nullish(z.string()),
      reasoning_content: z.nullish(z.string()),
      reasoning_details: z.nullish(
        z.array(z.object({ text: z.optional(z.string()), signature: z.nullish(z.string()), opaque: z.optional(jsonObject) })),
      ),
      tool_calls: z.nullish(
        z
          .array(
            z.object({
              id: callId,
              type: z.optional(z.literal('function')),
              function: functionCall,
              extra_content: z.optional(jsonObject),
            }),
          )
          .check(z.maxLength(256)),
      ),
      function_call: z.nullish(functionCall),
      audio: z.nullish(z.never('names sound at OpenAI; pass what was said as content')),
      prefix: z.optional(z.boolean()),
      name,
    }),
    z.object({ role: z.literal('tool'), tool_call_id: callId, content: parts(z.discriminatedUnion('type', [textPart, imagePart])), name }),
    /** The form before `tool`: the call has no id of its own. */
    z.object({ role: z.literal('function'), name: z.string().check(z.maxLength(256)), content: z.nullable(z.string()) }),
  ]);

  return { message, textPart, functionCall, filePart };
});
type Schemas = ReturnType<typeof schemas>;

/** One message as OpenAI's clients write it. Fields an answer of ours carried may come back; what else is there is let be. */
export const openAiMessage = () => schemas().message;

type OpenAiMessage = z.infer<Schemas['message']>;
type PartOf<Role extends OpenAiMessage['role']> = Exclude<
  Extract<OpenAiMessage, { role: Role }>['content'],
  string | null | undefined
>[number];

/** The messages in our own vocabulary. Text is made well-formed: half a surrogate pair is no text to a backend. */
export function readMessages(messages: OpenAiMessage[]): Message[] {
  return messages.map((message, index) => readMessage(message, `messages[${index}]`, index === messages.length - 1));
}

function readMessage(message: OpenAiMessage, place: string, isLast: boolean): Message {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: texts(message.content) };
    case 'user':
      return { role: 'user', content: contents(message.content, `${place}.content`), ...defined({ name: message.name }) };
    case 'assistant':
      return readAssistant(message, place, isLast);
    case 'tool': {
      const content = contents(message.content, `${place}.content`) as ToolResult['content'];
      return {
        role: 'tool',
        content: [{ type: 'tool-result', callId: message.tool_call_id, content, ...defined({ name: message.name }) }],
      };
    }
    case 'function': {
      const { name } = message;
      return { role: 'tool', content: [{ type: 'tool-result', callId: legacyCallId(name), name, content: texts(message.content ?? '') }] };
    }
  }
}

function readAssistant(message: Extract<OpenAiMessage, { role: 'assistant' }>, place: string, isLast: boolean): Message {
  const { content, refusal, function_call: legacyCall } = message;
  if (message.prefix && !isLast) refuseField(`${place}.prefix`, 'only the last message can be continued');
  const said: AssistantContent[] = [
    ...thoughts(message),
    ...(typeof content === 'string' ? (content === '' ? [] : texts(content)) : (content ?? []).map(assistantPart)),
    ...(refusal ? [{ type: 'refusal' as const, text: refusal.toWellFormed() }] : []),
    ...(message.tool_calls ?? []).map(({ id, function: called, extra_content }) => toolCall(id, called, extra_content)),
    ...(legacyCall ? [toolCall(legacyCallId(legacyCall.name), legacyCall)] : []),
  ];
  return { role: 'assistant', content: said, ...(message.prefix && { prefix: true }), ...defined({ name: message.name }) };
}

/** Details hold the same reasoning as the plain text, and what the backend wants back with it. */
function thoughts({
  reasoning_content: plain,
  reasoning_details: details,
}: Extract<OpenAiMessage, { role: 'assistant' }>): AssistantContent[] {
  if (details?.length) {
    return details.map(({ text = '', signature, opaque }) => ({
      type: 'thought',
      text: text.toWellFormed(),
      ...defined({ signature: signature ?? undefined, opaque: opaque }),
    }));
  }
  return plain ? [{ type: 'thought', text: plain.toWellFormed() }] : [];
}

function toolCall(id: string, called: z.infer<Schemas['functionCall']>, opaque?: JsonObject): AssistantContent {
  return { type: 'tool-call', id, name: called.name, arguments: called.arguments, ...(opaque && { opaque: opaque }) };
}

function legacyCallId(name: string): string {
  return `call_${name}`;
}

function assistantPart(part: PartOf<'assistant'>): AssistantContent {
  return part.type === 'text' ? { type: 'text', text: part.text.toWellFormed() } : { type: 'refusal', text: part.refusal.toWellFormed() };
}

function texts(content: string | z.infer<Schemas['textPart']>[]): TextContent[] {
  if (typeof content === 'string') return [{ type: 'text', text: content.toWellFormed() }];
  return content.map((part) => ({ type: 'text', text: part.text.toWellFormed() }));
}

function contents(content: string | PartOf<'user'>[], place: string): UserContent[] {
  return typeof content === 'string' ? texts(content) : content.map((part, index) => userPart(part, `${place}[${index}]`));
}

function userPart(part: PartOf<'user'>, place: string): UserContent {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text.toWellFormed() };
    case 'image_url': {
      const { url, detail } = typeof part.image_url === 'string' ? { url: part.image_url, detail: undefined } : part.image_url;
      const image = readDataUrl(url, `${place}.image_url`);
      if (!image.mediaType.startsWith('image/')) refuseField(`${place}.image_url`, 'is not an image');
      return { type: 'image', ...image, ...defined({ detail: detail ?? undefined }) };
    }
    case 'input_audio': {
      const { data, format } = part.input_audio;
      return {
        type: 'audio',
        mediaType: format === 'mp3' ? 'audio/mpeg' : `audio/${format}`,
        data: readBase64(data, `${place}.input_audio.data`),
      };
    }
    case 'file':
      return readFile(part.file, `${place}.file`);
  }
}

function readFile({ file_data: data, filename, file_id: id }: z.infer<Schemas['filePart']>['file'], place: string): UserContent {
  if (data === undefined)
    return refuseField(
      `${place}.file_data`,
      id === undefined ? 'is missing' : 'is missing; file_id names a file at OpenAI, pass the bytes',
    );
  const file = data.startsWith('data:')
    ? readDataUrl(data, `${place}.file_data`)
    : { mediaType: 'application/pdf', data: readBase64(data, `${place}.file_data`) };
  return { type: 'file', ...file, ...defined({ name: filename }) };
}
