import * as z from 'zod/mini';
import { lazy } from '../../../protocol/parse.ts';
import { jsonObject } from '../../params/schemas.ts';

const schemas = lazy(() => {
  const textPart = z.object({ type: z.enum(['input_text', 'output_text', 'text', 'summary_text', 'reasoning_text']), text: z.string() });
  const refusalPart = z.object({ type: z.literal('refusal'), refusal: z.string() });
  const imagePart = z.object({
    type: z.literal('input_image'),
    image_url: z.nullish(z.string()),
    detail: z.nullish(z.enum(['auto', 'low', 'high', 'original'])),
    file_id: z.nullish(z.never('names a file at OpenAI; pass the bytes as image_url')),
  });
  const filePart = z.object({
    type: z.literal('input_file'),
    file_data: z.nullish(z.string()),
    filename: z.nullish(z.string().check(z.maxLength(255))),
    file_id: z.nullish(z.never('names a file at OpenAI; pass the bytes as file_data')),
    file_url: z.nullish(z.never('Switchboard fetches nothing for a page; pass the bytes as file_data')),
  });
  const audioPart = z.object({
    type: z.literal('input_audio'),
    input_audio: z.object({ data: z.string(), format: z.string().check(z.regex(/^[a-z0-9]{2,8}$/)) }),
  });

  const part = z.discriminatedUnion('type', [textPart, refusalPart, imagePart, filePart, audioPart]);
  const content = z.union([z.string(), z.array(part).check(z.maxLength(1_000))]);
  const callId = z.string().check(z.minLength(1), z.maxLength(256));

  const message = z.object({
    type: z.optional(z.literal('message')),
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content,
  });
  const typed = z.discriminatedUnion('type', [
    z.object({
      type: z.literal('function_call'),
      call_id: callId,
      name: z.string().check(z.minLength(1), z.maxLength(256)),
      arguments: z.string(),
      extra_content: z.optional(jsonObject),
    }),
    z.object({ type: z.literal('function_call_output'), call_id: callId, output: content }),
    z.object({
      type: z.literal('reasoning'),
      summary: z.nullish(z.array(textPart)),
      content: z.nullish(z.array(textPart)),
      encrypted_content: z.nullish(z.string()),
    }),
  ]);
  return { part, message, typed };
});

/** An item with a role is a message; the others say what they are. */
export const inputMessage = () => schemas().message;
export const inputItem = () => schemas().typed;

export type InputMessage = z.infer<ReturnType<typeof inputMessage>>;
export type InputItem = z.infer<ReturnType<typeof inputItem>>;
export type InputPart = z.infer<ReturnType<typeof schemas>['part']>;
