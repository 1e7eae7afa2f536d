import { toSwitchboardError } from '../../../protocol/errors.ts';
import type { EndPart, Part, Usage } from '../../../protocol/part.ts';
import type { ChatRequest } from '../../../protocol/request.ts';
import type { Asked, Router } from '../../../router/router.ts';
import type { CallContext } from '../../method.ts';
import { addUsage } from '../../prompt/asking.ts';
import { PromptFailure } from '../../prompt/failure.ts';
import { withoutBlanks } from '../blanks.ts';
import { cleaner } from '../clean/clean.ts';
import { spokenLanguage } from '../detect/spoken.ts';
import type { Proofread, TaskPiece } from '../piece.ts';
import type { OptionsOf, TaskInput } from '../read.ts';
import { checkEnd } from '../run.ts';
import { markOf, messagesOf, samplingOf } from '../task.ts';
import { checkQuota } from '../weigh.ts';
import { findCorrections, likeness } from './corrections.ts';
import { type ExplainedCorrection, explaining, unexplained } from './explain.ts';

type AskModel = (request: Asked<ChatRequest>) => AsyncIterable<Part[]>;

/** Less of the words in common, and the model has answered the text instead of correcting it. */
const leastLikeness = 0.3;

/** Corrects a text, in one call to the router however often the model is asked. */
export async function* proofread(
  router: Router,
  said: TaskInput & { options: OptionsOf<'Proofreader'> },
  context: CallContext,
): AsyncGenerator<TaskPiece[]> {
  const { options, input } = said;
  const messages = messagesOf(options, { input: input.replaceAll('\r\n', '\n') });
  await checkQuota(router, messages, said, context);
  let result: Proofread | undefined;
  let failure: unknown;

  for await (const _ of router.chat(context.caller, { messages, ...samplingOf(options) }, context.signal, undefined, correct)) {
    // Nothing is shown before it is compared.
  }
  if (!result) throw failure ?? new PromptFailure('UnknownError', 'The answer was cut off before its end.');
  yield [{ result }];

  async function* correct(ask: AskModel): AsyncGenerator<Part[]> {
    const spent: Usage[] = [];
    let answer = yield* hear(ask({ messages, ...samplingOf(options) }));
    let correctedInput = textOf(answer.text, said);
    if (likeness(input, correctedInput) < leastLikeness) {
      const second = yield* hearAgain(ask, answer.text);
      const isBetter = second && likeness(input, textOf(second.text, said)) >= likeness(input, correctedInput);
      const other = (isBetter ? answer : second)?.end.usage;
      if (other) spent.push(other);
      if (isBetter) {
        answer = second;
        correctedInput = textOf(second.text, said);
      }
    }
    try {
      checkEnd(answer.end, options);
    } catch (thrown) {
      failure = thrown;
      return yield [addUsage(answer.end, spent)];
    }
    const found = findCorrections(input, correctedInput);
    const isAsked = options.includeCorrectionTypes || options.includeCorrectionExplanations;
    if (!isAsked || found.length === 0) {
      result = { correctedInput, corrections: found };
      return yield [addUsage(answer.end, spent)];
    }
    if (answer.end.usage) spent.push(answer.end.usage);
    const explained = yield* explain(ask, found);
    result = { correctedInput, corrections: explained.corrections };
    yield [explained.end ? addUsage(explained.end, spent) : addUsage(answer.end, spent.slice(0, -1))];
  }

  /** A second answer, where there is room for one. */
  async function* hearAgain(ask: AskModel, first: string): AsyncGenerator<Part[], Heard | undefined> {
    try {
      return yield* hear(ask({ messages: [...messages, ...again(first)], ...samplingOf(options) }));
    } catch (thrown) {
      if (toSwitchboardError(thrown).code === 'aborted') throw thrown;
      return undefined;
    }
  }

  /** What a model cannot say about the corrections is no reason to go without them. */
  async function* explain(
    ask: AskModel,
    found: ReturnType<typeof findCorrections>,
  ): AsyncGenerator<Part[], { corrections: ExplainedCorrection[]; end?: EndPart }> {
    const language = await spokenLanguage(input, options.expectedInputLanguages);
    const about = explaining(options, input, found, language);
    try {
      const answer = yield* hear(
        about.hold(({ corrections, responseFormat }) =>
          ask({ messages: [...about.messages, ...corrections], ...samplingOf(options), ...(responseFormat && { responseFormat }) }),
        ),
      );
      return { corrections: about.read(answer.text), end: answer.end };
    } catch (thrown) {
      if (toSwitchboardError(thrown).code === 'aborted') throw thrown;
      return { corrections: unexplained(options, input, found) };
    }
  }
}

interface Heard {
  text: string;
  end: EndPart;
}

/** A whole answer. It passes as thoughts, so that it is counted. */
async function* hear(answer: AsyncIterable<Part[]>): AsyncGenerator<Part[], Heard> {
  let text = '';
  let end: EndPart = { type: 'end', reason: 'other' };
  for await (const parts of answer) {
    const passed: Part[] = [];
    for (const part of parts) {
      if (part.type === 'end') end = part;
      else if (part.type === 'text') {
        text += part.text;
        passed.push({ type: 'thought', text: part.text });
      } else passed.push(part);
    }
    if (passed.length > 0) yield passed;
  }
  return { text, end };
}

/** The corrected text with the blanks around it, and the line ends, that the input has. */
function textOf(answer: string, { options, input }: TaskInput & { options: OptionsOf<'Proofreader'> }): string {
  const filter = cleaner(options, input, markOf(options, { input }));
  const text = filter.take(answer) + filter.end();
  const { before, after } = withoutBlanks(input);
  const whole = before + text.trim() + after;
  return input.includes('\r\n') ? whole.replace(/\r?\n/g, '\r\n') : whole;
}

function again(answer: string) {
  return [
    { role: 'assistant' as const, content: [{ type: 'text' as const, text: answer }] },
    {
      role: 'user' as const,
      content: [
        { type: 'text' as const, text: 'That is another text. Copy the text from above word for word, and correct only its mistakes.' },
      ],
    },
  ];
}
