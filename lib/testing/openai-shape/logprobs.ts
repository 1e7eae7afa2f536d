import type { JsonObject } from '../../protocol/json.ts';

/** Log probabilities of tokens as chat completions write them. */
export function contentLogprobs(tokens: string[], top: number): JsonObject {
  return {
    content: tokens.map((token) => ({
      ...entry(token, -0.125),
      top_logprobs: Array.from({ length: top }, (_, rank) => entry(rank === 0 ? token : `${token}~${rank}`, -0.125 - rank)),
    })),
    refusal: null,
  };
}

/** Log probabilities of tokens as text completions write them: parallel lists. */
export function listLogprobs(tokens: string[], top: number): JsonObject {
  let offset = 0;
  return {
    tokens,
    token_logprobs: tokens.map(() => -0.125),
    top_logprobs: tokens.map((token) =>
      Object.fromEntries(Array.from({ length: top }, (_, rank) => [rank === 0 ? token : `${token}~${rank}`, -0.125 - rank])),
    ),
    text_offset: tokens.map((token) => {
      offset += token.length;
      return offset - token.length;
    }),
  };
}

function entry(token: string, logprob: number): JsonObject {
  return { token, logprob, bytes: [...Buffer.from(token, 'utf8')] };
}
