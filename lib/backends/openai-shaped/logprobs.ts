import type { TokenLogprob } from '../../protocol/part.ts';
import { isObject } from './wire.ts';

/** Log probabilities of a choice, in the shape of chat (`content`) or of text completions (parallel arrays). */
export function logprobsOf(logprobs: unknown): TokenLogprob[] | undefined {
  if (!isObject(logprobs)) return undefined;
  const list = Array.isArray(logprobs.content) ? logprobs.content.flatMap(tokenOf) : legacyTokens(logprobs);
  return list.length > 0 ? list : undefined;
}

function tokenOf(entry: unknown): TokenLogprob[] {
  const token = alternativeOf(entry)[0];
  if (!token || !isObject(entry)) return [];
  return [Array.isArray(entry.top_logprobs) ? { ...token, top: entry.top_logprobs.flatMap(alternativeOf) } : token];
}

function alternativeOf(entry: unknown): { token: string; logprob: number; bytes?: number[] }[] {
  if (!isObject(entry) || typeof entry.token !== 'string' || typeof entry.logprob !== 'number') return [];
  return [{ token: entry.token, logprob: entry.logprob, ...(Array.isArray(entry.bytes) && { bytes: entry.bytes as number[] }) }];
}

function legacyTokens({ tokens, token_logprobs: values, top_logprobs: tops }: Record<string, unknown>): TokenLogprob[] {
  if (!Array.isArray(tokens) || !Array.isArray(values)) return [];
  return tokens.flatMap((token, i) => {
    if (typeof token !== 'string' || typeof values[i] !== 'number') return [];
    const top: unknown = Array.isArray(tops) ? tops[i] : undefined;
    if (!isObject(top)) return [{ token, logprob: values[i] }];
    return [
      { token, logprob: values[i], top: Object.entries(top).map(([other, logprob]) => ({ token: other, logprob: Number(logprob) })) },
    ];
  });
}
