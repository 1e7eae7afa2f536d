import { toSwitchboardError } from '../../protocol/errors.ts';
import type { EndPart } from '../../protocol/part.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { PromptFailure } from '../prompt/failure.ts';
import { needsModel } from './availability.ts';
import { withoutBlanks } from './blanks.ts';
import { cleaner } from './clean/clean.ts';
import { detect } from './detect/detect.ts';
import { languageName } from './detect/spoken.ts';
import type { TaskPiece } from './piece.ts';
import { proofread } from './proofread/proofread.ts';
import { readTaskInput, type TaskInput } from './read.ts';
import { answerWithoutModel, type ModelTask, markOf, messagesOf, samplingOf } from './task.ts';
import { checkQuota, tooLong, weigh } from './weigh.ts';

/** Does what a task is for, with one input. */
export async function* run(router: Router, params: unknown, context: CallContext): AsyncGenerator<TaskPiece[]> {
  const said = readTaskInput(params);
  const { options, input } = said;
  if (options.task === 'LanguageDetector') return yield [{ result: await detect(input, options.expectedInputLanguages) }];
  const known = answerWithoutModel(options, input);
  if (options.task === 'Proofreader') {
    if (known !== undefined) return yield [{ result: { correctedInput: known } }];
    return yield* withQuota(proofread(router, { ...said, options }, context), said);
  }
  if (known !== undefined || !needsModel(options)) return yield [known ?? input];
  yield* withQuota(write(router, options, said, context), said);
}

/** How many tokens an input takes, with its context. */
export async function* measureInput(router: Router, params: unknown, context: CallContext): AsyncGenerator<TaskPiece[]> {
  const said = readTaskInput(params);
  const { options } = said;
  if (!needsModel(options)) return yield [{ usage: 0 }];
  yield [{ usage: await weigh(router, messagesOf(options, said), said, context) }];
}

/** An answer that is text, while it is written. Blanks and line ends around and in it are those of the input. */
async function* write(router: Router, options: ModelTask, said: TaskInput, context: CallContext): AsyncGenerator<TaskPiece[]> {
  const { input } = said;
  const isSameShape = options.task === 'Translator' || options.task === 'Rewriter';
  const { before, core, after } = isSameShape ? withoutBlanks(input) : { before: '', core: input, after: '' };
  const ends = isSameShape && core.includes('\r\n') ? '\r\n' : '\n';
  const language = await languageName(options, core);
  const messages = messagesOf(options, { ...said, input: core.replaceAll('\r\n', '\n'), language });
  await checkQuota(router, messages, said, context);

  const filter = cleaner(options, core, markOf(options, { ...said, input: core }));
  const shaped = (text: string) => (ends === '\n' ? text : text.replace(/\r?\n/g, ends));
  let isFirst = true;
  let end: EndPart | undefined;
  for await (const parts of router.chat(context.caller, { messages, ...samplingOf(options) }, context.signal)) {
    let text = '';
    for (const part of parts) {
      if (part.type === 'text') text += part.text;
      else if (part.type === 'end') end = part;
    }
    const passed = shaped(filter.take(text));
    if (passed !== '') yield [isFirst ? before + passed : passed];
    if (passed !== '') isFirst = false;
  }
  checkEnd(end, options);
  const last = shaped(filter.end());
  yield [(isFirst ? before : '') + last + after];
}

/** What is cut off may do as a summary, but not as a translation. */
export function checkEnd(end: EndPart | undefined, { task }: ModelTask): void {
  if (end?.reason === 'content-filter') throw new PromptFailure('NotReadableError', "The model's service refused the content.");
  if (end?.reason === 'length' && (task === 'Translator' || task === 'Proofreader')) {
    throw new PromptFailure('UnknownError', 'The answer reached the longest length that the model gives. Give the input in parts.');
  }
}

/** A backend may find too long what nobody could count before. */
async function* withQuota(pieces: AsyncIterable<TaskPiece[]>, { quota }: TaskInput): AsyncGenerator<TaskPiece[]> {
  try {
    yield* pieces;
  } catch (thrown) {
    const isTooLong = !(thrown instanceof PromptFailure) && toSwitchboardError(thrown).code === 'context-length';
    throw isTooLong && quota !== null ? tooLong(quota + 1, quota) : thrown;
  }
}
