import type { TaskOptions } from './read.ts';

/** The languages that the options of a task name. */
export function languagesOf(options: TaskOptions): string[] {
  switch (options.task) {
    case 'Translator':
      return [options.sourceLanguage, options.targetLanguage];
    case 'LanguageDetector':
      return options.expectedInputLanguages;
    case 'Proofreader':
      return given(options.expectedInputLanguages, [options.correctionExplanationLanguage]);
    default:
      return given(options.expectedInputLanguages, options.expectedContextLanguages, [options.outputLanguage]);
  }
}

function given(...lists: (string | undefined)[][]): string[] {
  return lists.flat().filter((tag) => tag !== undefined);
}

/** Whether there is a language of that tag. Models know no list of theirs, so any there is will do. */
export function isLanguage(tag: string): boolean {
  const { language } = new Intl.Locale(tag) as { language?: string };
  return (
    language !== undefined &&
    language !== 'und' &&
    new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(language) !== undefined
  );
}

/** The language as models know it best, which is in English: `Brazilian Portuguese`, `Simplified Chinese`. */
export function nameOf(tag: string): string {
  const { language, script, region, baseName } = new Intl.Locale(tag);
  const names = new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'dialect' });
  // Chinese has two writings, and which one is meant decides everything.
  if (language === 'zh' && !script && !region) return 'Simplified Chinese';
  return names.of(baseName) ?? tag;
}

/** Whether a text in one language is one in the other already: regions apart, and everything behind `-u-` and `-x-`. */
export function isSameLanguage(source: string, target: string): boolean {
  const [one, other] = [source, target].map((tag) => new Intl.Locale(new Intl.Locale(tag).baseName).maximize());
  return one?.language === other?.language && one?.script === other?.script;
}
