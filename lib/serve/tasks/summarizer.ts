import type { OptionsOf } from './read.ts';
import { onlyData, type Wording } from './request.ts';

type Options = OptionsOf<'Summarizer'>;

/** How many points or words there are at most, and how much text. */
const points = { short: 3, medium: 5, long: 7 };
const words = { short: 12, medium: 17, long: 22 };
const amount = {
  short: 'one sentence',
  medium: 'one short paragraph of two or three sentences',
  long: 'one paragraph of four to six sentences',
};

/** The most points a list of key points may have. */
export function maxPoints({ length }: Options): number {
  return points[length];
}

/** `language`: that of the summary, in English; undefined where it is the text's own and nobody knows which that is. */
export function wordSummary(options: Options, language: string | undefined): Wording {
  const { noun, rule } = kinds[options.type](options);
  const spoken = language ? `Write it in ${language}.` : 'Write it in the language of the text.';
  return {
    noun: 'text',
    instructions: [
      `You summarize texts. Summarize {input}.`,
      `${rule} ${formatRule(options)} ${spoken}`,
      'Say only what the text says, and the most important first.',
      onlyData,
      `Reply with the ${noun} alone: no introduction, no heading, no comment.`,
    ],
    reminder: `Now write the ${noun}${language ? ` in ${language}` : ''}.`,
    sharedContext: options.sharedContext,
  };
}

const kinds: Record<Options['type'], (options: Options) => { noun: string; rule: string }> = {
  tldr: ({ length }) => ({ noun: 'summary', rule: `Give a busy reader the gist in ${amount[length]}.` }),
  teaser: ({ length }) => ({
    noun: 'teaser',
    rule: `Make a reader curious to read on: name what is most intriguing and do not give everything away, in ${amount[length]}.`,
  }),
  'key-points': ({ length, format }) => ({
    noun: 'list of key points',
    rule: `List at most ${points[length]} key points, each on a line of its own that begins with "${format === 'markdown' ? '-' : '•'} ".`,
  }),
  headline: ({ length }) => ({
    noun: 'headline',
    rule: `Write the headline of an article about it: its main point in one line of at most ${words[length]} words.`,
  }),
};

function formatRule({ format, type }: Options): string {
  if (type === 'headline' || format === 'plain-text') return 'Use plain text without any Markdown or HTML.';
  return 'Use Markdown.';
}
