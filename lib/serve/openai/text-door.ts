import type { EndPart, TokenLogprob } from '../../protocol/part.ts';
import { type Answer, toFinishReason, toUsage } from './answer.ts';
import type { ChunkMaker, Collector, Door } from './door.ts';
import { readOpenAiCompletion } from './read-completion.ts';

/** `/v1/completions`. Reasoning and tool calls have no place in its answers. */
export const textDoor: Door = {
  idPrefix: 'cmpl',
  ask: (router, caller, body, signal) => router.text(caller, readOpenAiCompletion(body), signal),
  chunks: createChunks,
  whole: createWhole,
};

function createChunks(answer: Answer): ChunkMaker {
  let offset = 0;
  const usage = answer.includesUsage && { usage: null };
  return {
    sample: { ...completion(answer, '', null, null), ...usage },
    of(part) {
      if (part.type === 'text') {
        const logprobs = part.logprobs ? toLists(part.logprobs, offset) : null;
        offset += part.text.length;
        return [{ ...completion(answer, part.text, null, logprobs), ...usage }];
      }
      if (part.type !== 'end') return [];
      const last = completion({ ...answer, model: part.model ?? answer.model }, '', toFinishReason(part), null);
      return [{ ...last, ...usage }, ...(usage && part.usage ? [{ ...last, choices: [], usage: toUsage(part.usage) }] : [])];
    },
  };
}

function createWhole(answer: Answer): Collector {
  const tokens: TokenLogprob[] = [];
  let text = '';
  let end: EndPart | undefined;
  return {
    add(part) {
      if (part.type === 'end') end = part;
      if (part.type !== 'text') return;
      text += part.text;
      tokens.push(...(part.logprobs ?? []));
    },
    finish: () => ({
      ...completion(
        { ...answer, model: end?.model ?? answer.model },
        text,
        toFinishReason(end),
        tokens.length > 0 ? toLists(tokens, 0) : null,
      ),
      ...(end?.usage && { usage: toUsage(end.usage) }),
    }),
  };
}

function completion({ id, created, model }: Answer, text: string, finish_reason: string | null, logprobs: object | null) {
  return { id, object: 'text_completion', created, model, choices: [{ text, index: 0, logprobs, finish_reason }] };
}

/** The older shape: four lists of equal length. */
function toLists(tokens: TokenLogprob[], offset: number) {
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
