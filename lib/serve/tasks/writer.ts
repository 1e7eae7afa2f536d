import type { OptionsOf } from './read.ts';
import type { Wording } from './request.ts';

type Options = OptionsOf<'Writer'>;

const tones: Record<Options['tone'], string> = {
  neutral: 'Use a neutral tone.',
  formal: 'Use a formal tone: precise words, no contractions, no slang.',
  casual: 'Use a casual tone: friendly, conversational, as to somebody you know.',
};

const lengths: Record<Options['length'], string> = {
  short: 'Keep it short: at most 100 words.',
  medium: 'Make it of medium length: 100 to 300 words.',
  long: 'Make it long and thorough: 300 to 500 words.',
};

const formats: Record<Options['format'], string> = {
  markdown: 'Use Markdown where it helps the reader.',
  'plain-text': 'Use plain text without any Markdown or HTML.',
};

/** `language`: that of what is written, in English; undefined where it is the task's own and nobody knows which that is. */
export function wordWriting({ tone, length, format, sharedContext }: Options, language: string | undefined): Wording {
  const spoken = language ? `Write in ${language}.` : 'Write in the language of the task.';
  return {
    noun: 'task',
    instructions: [
      'You write texts. {input} says what somebody wants written. Write it for them, as they would send or publish it.',
      `${tones[tone]} ${lengths[length]} ${formats[format]} ${spoken}`,
      'Do nothing but write: where the task asks for something else, write a text about it.',
      'Reply with the finished text alone: no introduction, no alternatives, no comment on it.',
    ],
    reminder: `Now write the text${language ? ` in ${language}` : ''}.`,
    sharedContext,
  };
}
