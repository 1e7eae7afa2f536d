import type { Message } from '../../protocol/message.ts';
import type { Sampling } from '../../protocol/request.ts';
import { wordProofreading } from './proofreader.ts';
import type { TaskOptions } from './read.ts';
import { hasWords, markFor, type Wording, wordRequest } from './request.ts';
import { wordRewriting } from './rewriter.ts';
import { wordSummary } from './summarizer.ts';
import { wordTranslation } from './translator.ts';
import { wordWriting } from './writer.ts';

/** The options of what a model does. */
export type ModelTask = Exclude<TaskOptions, { task: 'LanguageDetector' }>;

/** One input, and what is known of it. */
export interface Said {
  input: string;
  context?: string;
  /** That of the answer, in English. */
  language?: string | undefined;
}

/** The conversation that has a model do it. */
export function messagesOf(options: ModelTask, { input, context = '', language }: Said): Message[] {
  const wording = word(options, language);
  return wordRequest({ ...wording, context }, input);
}

/** What the input stands between there. */
export function markOf(options: ModelTask, { input, context = '' }: Said): string {
  const { noun, sharedContext = '' } = word(options, undefined);
  return markFor(noun, [input, sharedContext, context]);
}

function word(options: ModelTask, language: string | undefined): Wording {
  switch (options.task) {
    case 'Summarizer':
      return wordSummary(options, language);
    case 'Writer':
      return wordWriting(options, language);
    case 'Rewriter':
      return wordRewriting(options, language);
    case 'Translator':
      return wordTranslation(options);
    case 'Proofreader':
      return wordProofreading(options);
  }
}

/** The part of the free window that an input may take; the rest is for the answer. */
export function inputShare({ task }: ModelTask): number {
  return task === 'Summarizer' || task === 'Writer' ? 0.75 : 0.5;
}

/** How freely the words are chosen; absent is the backend's own way. */
export function samplingOf({ task }: ModelTask): { sampling?: Sampling } {
  const temperatures: Partial<Record<ModelTask['task'], number>> = { Summarizer: 0.3, Rewriter: 0.5, Translator: 0, Proofreader: 0 };
  const temperature = temperatures[task];
  return temperature === undefined ? {} : { sampling: { temperature } };
}

/** What an input without a word becomes, whatever the model: nobody is asked about it. */
export function answerWithoutModel({ task }: ModelTask, input: string): string | undefined {
  if (hasWords(input)) return undefined;
  return task === 'Summarizer' || task === 'Writer' ? '' : input;
}
