import * as z from 'zod/mini';
import type { LegacyInput } from '../../protocol/legacy.ts';
import type { Message } from '../../protocol/message.ts';
import { lazy } from '../../protocol/parse.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import type { Asked } from '../../router/router.ts';
import { mostAnswers } from '../openai/several.ts';
import { defined, definedOrNone } from '../params/defined.ts';

const inputSchema = lazy(() =>
  z.union([
    z.object({ prompt: z.string() }),
    z.object({
      messages: z
        .array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }))
        .check(z.minLength(1), z.maxLength(10_000)),
    }),
  ]),
);

const optionsSchema = lazy(() =>
  z.nullish(
    z.object({
      model: z.nullish(z.string().check(z.maxLength(256))),
      numOutputs: z.nullish(z.int().check(z.minimum(1), z.maximum(mostAnswers))),
      temperature: z.nullish(z.number().check(z.minimum(0), z.maximum(2))),
      maxTokens: z.nullish(z.int().check(z.minimum(1), z.maximum(10_000_000))),
      stopSequences: z.nullish(z.array(z.string().check(z.minLength(1), z.maxLength(1_000))).check(z.maxLength(64))),
      /** A function became true on the way. */
      onStreamResult: z.nullish(z.boolean()),
    }),
  ),
);

export interface LegacyCall {
  request: Omit<Asked<ChatRequest>, 'model'>;
  model: string | undefined;
  outputs: number;
  isStream: boolean;
  shape: 'text' | 'message';
}

/** The arguments of `generateText`, or the message of the Error it rejects with. */
export function readLegacy({ input, options }: { input?: unknown; options?: unknown }): LegacyCall | string {
  const said = inputSchema().safeParse(input);
  const wanted = optionsSchema().safeParse(options);
  if (!wanted.success) return 'Invalid options';
  if (!said.success) return 'Invalid input';
  const { model, numOutputs: outputs, temperature, maxTokens, stopSequences, onStreamResult: isStream } = wanted.data ?? {};
  return {
    request: {
      messages: messagesOf(said.data),
      ...defined({
        sampling: definedOrNone({ temperature: temperature ?? undefined }),
        maxOutputTokens: maxTokens ?? undefined,
        stop: stopSequences?.length ? stopSequences : undefined,
      }),
    },
    model: model || undefined,
    outputs: outputs ?? 1,
    isStream: isStream === true,
    shape: 'messages' in said.data ? 'message' : 'text',
  };
}

function messagesOf(input: LegacyInput): Message[] {
  const messages = 'messages' in input ? input.messages : [{ role: 'user' as const, content: input.prompt }];
  return messages.map(({ role, content }) => ({ role, content: [{ type: 'text', text: content.toWellFormed() }] }));
}
