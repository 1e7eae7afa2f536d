/**
 * A task API: name, operation, whether it also measures (1) and streams (2), and the options that both `availability`
 * and `create` take, in the order in which the standard reads them. Behind a colon stand the words of an enumeration, the
 * default first; where there are none it is a boolean. Each option but `preference` is an
 * attribute too.
 */
export type Task = [name: string, operation: string, ways: 0 | 1 | 2, options: string];

const inputs = 'expectedInputLanguages';

export const tasks: Task[] = [
  ['Summarizer', 'summarize', 2, writing('preference:auto speed capability,type:key-points tldr teaser headline')],
  ['Writer', 'write', 2, writing('tone:neutral formal casual')],
  ['Rewriter', 'rewrite', 2, writing('tone:as-is more-formal more-casual', 'as-is plain-text markdown', 'as-is shorter longer')],
  ['Translator', 'translate', 2, 'sourceLanguage,targetLanguage'],
  ['Proofreader', 'proofread', 0, `correctionExplanationLanguage,${inputs},includeCorrectionExplanations:,includeCorrectionTypes:`],
  ['LanguageDetector', 'detect', 1, inputs],
];

function writing(more: string, format = 'markdown plain-text', length = 'short medium long'): string {
  return `expectedContextLanguages,${inputs},format:${format},length:${length},outputLanguage,${more}`;
}
