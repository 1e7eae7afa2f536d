import { nameOf } from '../languages.ts';
import type { ModelTask } from '../task.ts';
import { detect } from './detect.ts';

/** In English, the language that an answer has to be in; undefined where the model has to see for itself. */
export async function languageName(options: ModelTask, input: string): Promise<string | undefined> {
  if (options.task === 'Translator' || options.task === 'Proofreader') return undefined;
  if (options.outputLanguage !== undefined) return nameOf(options.outputLanguage);
  return spokenLanguage(input, options.expectedInputLanguages);
}

/** In English, the language of a text: small models keep to it only when it is named. */
export async function spokenLanguage(text: string, expected: string[]): Promise<string | undefined> {
  const [first, ...others] = expected;
  if (first !== undefined && others.length === 0) return nameOf(first);
  try {
    const [best] = await detect(text, expected);
    return best && best.detectedLanguage !== 'und' && best.confidence >= 0.7 && text.trim().length >= 12
      ? nameOf(best.detectedLanguage)
      : undefined;
  } catch {
    return undefined;
  }
}
