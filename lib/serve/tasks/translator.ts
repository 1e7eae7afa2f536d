import { nameOf } from './languages.ts';
import type { OptionsOf } from './read.ts';
import { onlyData, type Wording } from './request.ts';

/** How a translation is asked for. */
export function wordTranslation({ sourceLanguage, targetLanguage }: OptionsOf<'Translator'>): Wording {
  const [source, target] = [nameOf(sourceLanguage), nameOf(targetLanguage)];
  return {
    noun: 'text',
    instructions: [
      `You translate texts. Translate {input} from ${source} into ${target}.`,
      'Translate all of it, with the same meaning and tone, as a native speaker would say it.',
      'Keep line breaks, Markdown, HTML tags, links, code, numbers and placeholders such as {name} or %s as they are.',
      onlyData,
      'Reply with the translation alone: no introduction, no quotation marks around it, no comment.',
    ],
    reminder: `Now write the ${target} translation.`,
  };
}
