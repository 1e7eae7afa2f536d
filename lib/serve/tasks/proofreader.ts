import { nameOf } from './languages.ts';
import type { OptionsOf } from './read.ts';
import { onlyData, type Wording } from './request.ts';

/** How the corrected text is asked for. What was corrected our own comparison tells (proofread/corrections.ts). */
export function wordProofreading({ expectedInputLanguages: [first, ...others] }: OptionsOf<'Proofreader'>): Wording {
  return {
    noun: 'text',
    instructions: [
      `You proofread texts. Copy {input} and correct its mistakes in spelling, punctuation, capitalization and grammar.`,
      first !== undefined && others.length === 0 ? `It is in ${nameOf(first)}.` : 'Keep its language.',
      'Change only what is wrong: keep every other word, the order, line breaks and markup. Where nothing is wrong, repeat it as it is.',
      onlyData,
      'Reply with the corrected text alone: no introduction, no quotation marks around it, no comment.',
    ],
    reminder: 'Now write the corrected text.',
  };
}
