import type { Message } from '../../../protocol/message.ts';
import type { EndPart, Part, Usage } from '../../../protocol/part.ts';
import { type Ask, addUsage, isRefusal, type Wish } from '../asking.ts';
import { PromptFailure } from '../failure.ts';
import type { Checked, Form, Held } from './held.ts';
import { createShown, type Shown } from './shown.ts';

/** A constraint, decided here or elsewhere. */
type Holding = Omit<Held, 'check' | 'canBegin'> & { check(answer: string): Checked | Promise<Checked> };

/** How often a model may correct itself. */
const maxRepairs = 2;

/**
 * An answer that is what it is held to, or a failure with SyntaxError: asked for in the best way that the backend knows,
 * checked, and sent back to be corrected. What the page does not see passes as thoughts, so that it is counted.
 */
export async function* hold(ask: Ask, held: Holding, isLive: boolean): AsyncGenerator<Part[]> {
  const forms: (Form | undefined)[] = [...held.forms, undefined];
  const spent: Usage[] = [];
  let corrections: Message[] = [];
  for (let repairs = 0; repairs <= maxRepairs; ) {
    const [form] = forms;
    const isShown = isLive && repairs === 0 && !form?.unwrap;
    let answer: Answer;
    try {
      answer = yield* read(
        ask({ corrections, ...(form && { responseFormat: form.format }), ...(form?.isWhole && { isWhole: true }) }),
        createShown(isShown ? held.follow?.() : undefined),
      );
    } catch (thrown) {
      if (form === undefined || !isRefusal(thrown)) throw thrown;
      forms.shift();
      continue;
    }
    const { text, shown, end, calls } = answer;
    // Calling a tool is no answer yet.
    if (calls.length > 0) return yield [{ type: 'text', text: text.slice(shown.length) }, ...calls, addUsage(end, spent)];
    const given = form?.unwrap?.(text) ?? text;
    const checked = await held.check(given);
    if ('text' in checked && checked.text.startsWith(shown)) {
      return yield [{ type: 'text', text: checked.text.slice(shown.length) }, addUsage(end, spent)];
    }
    // What was shown cannot be taken back.
    if (shown !== '') break;
    if (end.usage) spent.push(end.usage);
    // It was asked to hold the model to it, and did not.
    if (form) forms.shift();
    corrections = correction(given, 'problem' in checked ? checked.problem : '', held);
    repairs += 1;
  }
  throw new PromptFailure('SyntaxError', 'The model gave no answer that the responseConstraint allows.');
}

interface Answer {
  text: string;
  /** What of it the page has seen. */
  shown: string;
  end: EndPart;
  calls: Part[];
}

async function* read(answer: AsyncIterable<Part[]>, shown: Shown): AsyncGenerator<Part[], Answer> {
  let text = '';
  const calls: Part[] = [];
  for await (const parts of answer) {
    const passed: Part[] = [];
    for (const part of parts) {
      if (part.type === 'end') return { text, shown: shown.all(), end: part, calls };
      if (part.type === 'tool-call') calls.push(part);
      else if (part.type === 'text') {
        text += part.text;
        const next = shown.take(part.text);
        passed.push(next === undefined ? { type: 'thought', text: part.text } : { type: 'text', text: next });
      } else passed.push(part);
    }
    if (passed.length > 0) yield passed;
  }
  throw new PromptFailure('UnknownError', 'The answer was cut off before its end.');
}

function correction(given: string, problem: string, { instruction }: Pick<Held, 'instruction'>): Wish['corrections'] {
  const text = `That is not what is needed. ${problem}\n${instruction}\nGive the whole answer again.`;
  return [
    { role: 'assistant', content: [{ type: 'text', text: given }] },
    { role: 'user', content: [{ type: 'text', text }] },
  ];
}
