import { append } from '../language-model/platform.ts';

/**
 * An option that both `availability` and `create` take. Behind its name stand the words of an enumeration, the default
 * first; `false` for a boolean, and nothing for languages. Each but `preference` is an attribute too.
 */
export type Option = [key: string, words?: string | false];

/** A task API: its operation, whether it also measures (1) and streams (2), and its options in the order in which the standard reads them. */
export type Task = [operation: string, ways: 0 | 1 | 2, options: Option[]];

const inputs: Option = ['expectedInputLanguages'];

/** By name; each is described when a page first looks into it. */
export const tasks: Record<string, () => Task> = {
  Summarizer: () => ['summarize', 2, writing(['preference', 'auto speed capability'], ['type', 'key-points tldr teaser headline'])],
  Writer: () => ['write', 2, writing(['tone', 'neutral formal casual'])],
  Rewriter: () => [
    'rewrite',
    2,
    writing(['tone', 'as-is more-formal more-casual'], undefined, 'as-is plain-text markdown', 'as-is shorter longer'),
  ],
  Translator: () => ['translate', 2, [['sourceLanguage'], ['targetLanguage']]],
  Proofreader: () => [
    'proofread',
    0,
    [['correctionExplanationLanguage'], inputs, ['includeCorrectionExplanations', false], ['includeCorrectionTypes', false]],
  ],
  LanguageDetector: () => ['detect', 1, [inputs]],
};

function writing(own: Option, more?: Option, format = 'markdown plain-text', length = 'short medium long'): Option[] {
  const options: Option[] = [['expectedContextLanguages'], inputs, ['format', format], ['length', length], ['outputLanguage'], own];
  if (more) append(options, more);
  return options;
}
