import { SwitchboardError } from '../../protocol/errors.ts';
import type { ChatLogprobs } from '../../protocol/openai.ts';
import type { Part, TokenLogprob } from '../../protocol/part.ts';

/** The answer, refused where its first words come without the log probabilities that were asked for. */
export async function* needingLogprobs(answer: AsyncIterable<Part[]>): AsyncGenerator<Part[]> {
  let areThere = false;
  for await (const batch of answer) {
    areThere ||= batch.some(hasLogprobs);
    if (!areThere && batch.some(hasText)) throw new SwitchboardError('not-supported', refusedText);
    yield batch;
  }
}

const refusedText = "logprobs: the user's model gives none. Ask again without them.";

function hasLogprobs(part: Part): boolean {
  return part.type === 'text' && part.logprobs !== undefined;
}

function hasText(part: Part): boolean {
  return part.type === 'text' && part.text !== '' && !part.refusal;
}

/** Token for token, as chat completions have them. */
export function toLogprobs(tokens: TokenLogprob[]): ChatLogprobs {
  return { content: toTokens(tokens), refusal: null };
}

export function toTokens(tokens: TokenLogprob[]): ChatLogprobs['content'] {
  return tokens.map((token) => ({ ...plain(token), top_logprobs: (token.top ?? []).map(plain) }));
}

/** The older shape: four lists of equal length. */
export function toLists(tokens: TokenLogprob[], offset: number) {
  let at = offset;
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top = [] }) => Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))),
    text_offset: tokens.map(({ token }) => {
      at += token.length;
      return at - token.length;
    }),
  };
}

function plain({ token, logprob, bytes = null }: { token: string; logprob: number; bytes?: number[] | null }) {
  return { token, logprob, bytes };
}
