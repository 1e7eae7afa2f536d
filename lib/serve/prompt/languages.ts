import { PromptFailure } from './failure.ts';
import type { Options } from './read.ts';

/**
 * Whether any model could do that: give text and tool calls, in languages that there are. Says nothing about the user.
 * Throws RangeError for what is no language tag.
 */
export function isPossible({ expectedInputs, expectedOutputs }: Options): boolean {
  const languages = [...expectedInputs, ...expectedOutputs].flatMap((expected) => canonical(expected.languages));
  return languages.every(isLanguage) && expectedOutputs.every(({ type }) => type === 'text' || type === 'tool-call');
}

function canonical(tags: string[]): string[] {
  try {
    return Intl.getCanonicalLocales(tags);
  } catch {
    throw new PromptFailure('RangeError', 'One of the languages is no language tag.');
  }
}

/** Models know no list of their languages; a code without a name is none. */
function isLanguage(tag: string): boolean {
  const { language } = new Intl.Locale(tag);
  return new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(language) !== undefined;
}
