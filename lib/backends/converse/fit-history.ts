import { SwitchboardError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/message.ts';

export interface Room {
  /** Tokens of prompt and answer together; asked only where the conversation is long. */
  window(): Promise<number | undefined>;
  /** The longest answer, where somebody said. */
  answerTokens?: number | undefined;
  /** Exact count of a conversation by the backend, where it counts. */
  count?(messages: Message[]): Promise<number | undefined>;
}

export interface Fitted {
  messages: Message[];
  /** How many were left out. */
  leftOut: number;
}

/** Fits into every model, with an answer: nobody need be asked. */
const alwaysFits = 1_000;
const usualAnswer = 1_024;

/**
 * The conversation as far as it fits with its answer: the oldest turns are left out, and kept are all instructions and
 * everything since the user spoke last. What is left begins with a turn of the user. Throws `context-length` where not
 * even that fits.
 */
export async function fitHistory(messages: Message[], { window: ask, answerTokens, count }: Room): Promise<Fitted> {
  const weights = messages.map(weigh);
  const all = sum(weights);
  const window = all > alwaysFits ? await ask() : undefined;
  if (window === undefined) return { messages, leftOut: 0 };

  const room = window - Math.min(answerTokens ?? usualAnswer, Math.floor(window / (answerTokens === undefined ? 4 : 2)));
  // Weights are on the heavy side, so what fits by them does fit.
  if (all <= room) return { messages, leftOut: 0 };
  const cuts = possibleCuts(messages);
  let scale = 1;
  for (let at = 0, exact = await count?.(messages); ; ) {
    if (exact !== undefined && exact <= room) return cutAt(messages, cuts[at] ?? 0);
    if (exact !== undefined) scale = exact / weightOf(cutAt(messages, cuts[at] ?? 0).messages);
    const fits = (cut: number) => weightOf(cutAt(messages, cut).messages) * scale <= room;
    const next = cuts.findIndex((cut, index) => index > at && fits(cut));
    at = next < 0 ? cuts.length - 1 : next;
    const kept = cutAt(messages, cuts[at] ?? 0);
    exact = await count?.(kept.messages);
    if (exact !== undefined ? exact <= room : next >= 0) return kept;
    if (at < cuts.length - 1) continue;
    // The longest answer may have to be shorter; what is longer than the window itself is an error.
    if ((exact ?? weightOf(kept.messages) / 3) >= window) throw tooLong();
    return kept;
  }
}

/** Where the conversation may begin: at its start, or at any turn of the user. */
function possibleCuts(messages: Message[]): number[] {
  return [0, ...messages.flatMap(({ role }, at) => (role === 'user' && at > 0 ? [at] : []))];
}

function cutAt(messages: Message[], cut: number): Fitted {
  const kept = messages.filter(({ role }, at) => at >= cut || role === 'system');
  return { messages: kept, leftOut: messages.length - kept.length };
}

function weightOf(messages: Message[]): number {
  return sum(messages.map(weigh));
}

/** Tokens of a message, rather too many than too few: three bytes each, whatever the language. */
function weigh({ content }: Message): number {
  return 8 + sum(content.map(weighContent));
}

function weighContent(item: Message['content'][number]): number {
  switch (item.type) {
    case 'text':
    case 'thought':
    case 'refusal':
      return weighText(item.text);
    case 'tool-call':
      return weighText(item.name + item.arguments);
    case 'tool-result':
      return sum(item.content.map(weighContent));
    default:
      return 1_000;
  }
}

function weighText(text: string): number {
  return new TextEncoder().encode(text).length / 3;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function tooLong(): SwitchboardError {
  return new SwitchboardError(
    'context-length',
    "What was said last, with the instructions, is longer than the model's context window. Send less, or load the model with a larger window.",
  );
}
