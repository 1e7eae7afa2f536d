import type { OptionsOf } from './read.ts';
import { onlyData, type Wording } from './request.ts';

type Options = OptionsOf<'Rewriter'>;

const tones: Record<Options['tone'], string> = {
  'as-is': 'Keep its tone.',
  'more-formal': 'Make it more formal: precise words, no contractions, no slang, fit for business.',
  'more-casual': 'Make it more casual: conversational, relaxed and friendly, with contractions.',
};

const lengths: Record<Options['length'], string> = {
  'as-is': 'Keep it about as long as it is.',
  shorter: 'Make it clearly shorter: leave out what matters least.',
  longer: 'Make it longer: say it in more detail, without new facts.',
};

const formats: Record<Options['format'], string> = {
  'as-is': 'Keep its format, line breaks and markup.',
  'plain-text': 'Use plain text without any Markdown or HTML.',
  markdown: 'Format it as Markdown.',
};

/** `language`: that of the new text, in English; undefined where it is the text's own and nobody knows which that is. */
export function wordRewriting({ tone, length, format, sharedContext }: Options, language: string | undefined): Wording {
  const spoken = language ? `Write it in ${language}.` : 'Keep its language.';
  return {
    noun: 'text',
    instructions: [
      'You rewrite texts. Say what {input} says in other, better words.',
      `${tones[tone]} ${lengths[length]} ${formats[format]} ${spoken}`,
      'Keep its meaning, its point of view, and all names and numbers.',
      onlyData,
      'Reply with the rewritten text alone: no introduction, no alternatives, no comment.',
    ],
    reminder: `Now write the new text${language ? ` in ${language}` : ''}.`,
    sharedContext,
  };
}
