import * as z from 'zod/mini';
import { lazy } from '../../protocol/parse.ts';
import { readParams } from '../params/read-params.ts';
import { jsonObject } from '../params/schemas.ts';

const schemas = lazy(() => {
  const shortText = z.string().check(z.maxLength(10_000));
  const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'is not base64'));

  /** A thing that a message held, as the page script wrote it. Without its data it was not what its place asks for. */
  const thing = z.union([
    z.strictObject({ kind: z.enum(['image', 'audio']), mediaType: z.enum(['image/png', 'image/jpeg', 'audio/wav']), data: base64 }),
    z.strictObject({
      kind: z.enum(['LanguageModelToolCall', 'LanguageModelToolSuccess', 'LanguageModelToolError']),
      callID: shortText,
      name: shortText,
      json: z.optional(z.string()),
    }),
    z.strictObject({ kind: z.enum(['image', 'audio', 'file', 'tool']) }),
  ]);
  const type = z.enum(['text', 'image', 'audio', 'tool-call', 'tool-response']);

  /** Beside what pages write: what the model gave in an earlier turn, as this background handed it out. */
  const content = z.union([
    z.strictObject({ type, value: z.union([z.string(), thing]) }),
    z.strictObject({
      type: z.literal('thought'),
      text: z.string(),
      signature: z.optional(z.string()),
      opaque: z.optional(jsonObject),
    }),
    z.strictObject({
      type: z.literal('tool-call'),
      id: shortText,
      name: shortText,
      arguments: z.string(),
      opaque: z.optional(jsonObject),
    }),
  ]);
  const messages = z
    .array(
      z.strictObject({
        role: z.enum(['system', 'user', 'assistant']),
        content: z.union([z.string(), z.array(content).check(z.maxLength(1_000))]),
        prefix: z.optional(z.boolean()),
      }),
    )
    .check(z.maxLength(10_000));

  const expected = z._default(
    z.array(z.strictObject({ type, languages: z._default(z.array(z.string()).check(z.maxLength(1_000)), []) })).check(z.maxLength(100)),
    [],
  );
  const options = z.strictObject({
    expectedInputs: expected,
    expectedOutputs: expected,
    samplingMode: z._default(
      z.enum(['most-predictable', 'predictable', 'slightly-predictable', 'balanced', 'slightly-creative', 'creative', 'most-creative']),
      'balanced',
    ),
    tools: z._default(
      z
        .array(
          z.strictObject({
            name: z.string(),
            description: z.string(),
            /** JSON as the page wrote it. */
            inputSchema: z.string(),
            /** The page script runs it. */
            execute: z.optional(z.literal(true)),
          }),
        )
        .check(z.maxLength(256)),
      [],
    ),
  });

  const count = z.number().check(z.minimum(0));
  const memory = z.strictObject({
    options,
    initial: messages,
    /** The oldest first. */
    turns: z.array(z.strictObject({ messages, tokens: count })).check(z.maxLength(10_000)),
    usage: count,
    window: z.nullable(count),
  });
  const constraint = z.strictObject({
    schema: z.optional(z.string()),
    pattern: z.optional(z.string().check(z.maxLength(10_000))),
    flags: z.optional(z.string().check(z.maxLength(20))),
    /** The model is to be told about it. */
    isTold: z.boolean(),
    /** The page reads the answer while it is written. */
    isLive: z.boolean(),
  });
  return {
    options,
    create: z.strictObject({ options, initial: messages }),
    turn: z.strictObject({ memory, messages, constraint: z.nullable(constraint) }),
  };
});

type Read<Name extends keyof ReturnType<typeof schemas>> = z.infer<ReturnType<typeof schemas>[Name]>;

export type Options = Read<'options'>;
/** A session as the page script remembers it, and what is new. */
export type Turn = Read<'turn'>;
export type Memory = Turn['memory'];
export type Constraint = NonNullable<Turn['constraint']>;
export type PageMessage = Turn['messages'][number];
export type PageContent = Exclude<PageMessage['content'], string>[number];
export type PageTool = Options['tools'][number];

/** What `availability` was given. */
export function readOptions(params: unknown): Options {
  return readParams(schemas().options, params);
}

/** What `create` was given. */
export function readCreate(params: unknown): Read<'create'> {
  return readParams(schemas().create, params);
}

export function readTurn(params: unknown): Turn {
  return readParams(schemas().turn, params);
}
