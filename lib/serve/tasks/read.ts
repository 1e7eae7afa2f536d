import * as z from 'zod/mini';
import { lazy } from '../../protocol/parse.ts';
import { readParams } from '../params/read-params.ts';

const schemas = lazy(() => {
  /** In canonical form already (lib/page/tasks/options.ts). */
  const tag = z.string().check(z.minLength(2), z.maxLength(255));
  const tags = z._default(z.array(tag).check(z.maxLength(1_000)), []);
  const writing = {
    expectedContextLanguages: tags,
    expectedInputLanguages: tags,
    outputLanguage: z.optional(tag),
    sharedContext: z._default(z.string(), ''),
  };
  const format = z._default(z.enum(['markdown', 'plain-text']), 'markdown');
  const length = z._default(z.enum(['short', 'medium', 'long']), 'short');

  const options = z.discriminatedUnion('task', [
    z.strictObject({
      task: z.literal('Summarizer'),
      ...writing,
      format,
      length,
      /** Which model answers is the user's choice alone. */
      preference: z.optional(z.enum(['auto', 'speed', 'capability'])),
      type: z._default(z.enum(['key-points', 'tldr', 'teaser', 'headline']), 'key-points'),
    }),
    z.strictObject({
      task: z.literal('Writer'),
      ...writing,
      format,
      length,
      tone: z._default(z.enum(['neutral', 'formal', 'casual']), 'neutral'),
    }),
    z.strictObject({
      task: z.literal('Rewriter'),
      ...writing,
      format: z._default(z.enum(['as-is', 'plain-text', 'markdown']), 'as-is'),
      length: z._default(z.enum(['as-is', 'shorter', 'longer']), 'as-is'),
      tone: z._default(z.enum(['as-is', 'more-formal', 'more-casual']), 'as-is'),
    }),
    z.strictObject({ task: z.literal('Translator'), sourceLanguage: tag, targetLanguage: tag }),
    z.strictObject({ task: z.literal('LanguageDetector'), expectedInputLanguages: tags }),
    z.strictObject({
      task: z.literal('Proofreader'),
      correctionExplanationLanguage: z.optional(tag),
      expectedInputLanguages: tags,
      includeCorrectionExplanations: z._default(z.boolean(), false),
      includeCorrectionTypes: z._default(z.boolean(), false),
    }),
  ]);
  return {
    options,
    create: z.strictObject({ options, isClicked: z.boolean() }),
    run: z.strictObject({
      options,
      /** Tokens of everything that is sent beside the input and its context. */
      overhead: z.number().check(z.minimum(0)),
      /** Tokens that an input may have; null where nobody knows. */
      quota: z.nullable(z.number().check(z.minimum(0))),
      input: z.string(),
      context: z._default(z.string(), ''),
    }),
  };
});

type Read<Name extends keyof ReturnType<typeof schemas>> = z.infer<ReturnType<typeof schemas>[Name]>;

export type TaskOptions = Read<'options'>;
export type OptionsOf<Name extends TaskOptions['task']> = Extract<TaskOptions, { task: Name }>;
/** What an operation was given, beside what its object remembers. */
export type TaskInput = Read<'run'>;

/** What `availability` was given. */
export function readTaskOptions(params: unknown): TaskOptions {
  return readParams(schemas().options, params);
}

/** What `create` was given. */
export function readTaskCreate(params: unknown): Read<'create'> {
  return readParams(schemas().create, params);
}

export function readTaskInput(params: unknown): TaskInput {
  return readParams(schemas().run, params);
}
