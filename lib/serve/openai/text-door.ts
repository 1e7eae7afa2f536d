import type { EndPart, TokenLogprob } from '../../protocol/part.ts';
import { type Answer, createAnswer, toFinishReason, toUsage } from './answer.ts';
import { severalOf } from './chat-door.ts';
import { type ChunkMaker, type Collector, type Door, plainClosing, plainEvent } from './door.ts';
import { toOpenAiError } from './error.ts';
import { needingLogprobs, toLists } from './logprobs.ts';
import { readOpenAiCompletions } from './read-completion.ts';
import { closed, inOneCall, openChoices } from './several.ts';

/** `/v1/completions`. Reasoning and tool calls have no place in its answers. */
export const textDoor: Door = (body) => {
  const { requests: prompts, answers } = readOpenAiCompletions(body);
  const requests = prompts.flatMap((request) => severalOf(request, answers));
  const answer = createAnswer('cmpl', body, requests.length);
  // What the user is asked about and the budget makes room for is the longest of them, so many times.
  const longest = prompts.reduce((one, other) => (other.prompt.length > one.prompt.length ? other : one));
  return {
    ask(router, caller, signal) {
      const parts = router.text(caller, longest, signal, undefined, inOneCall(requests), requests.length);
      return longest.logprobs ? needingLogprobs(parts) : parts;
    },
    chunks: () => createChunks(answer),
    whole: () => createWhole(answer),
  };
};

function createChunks(answer: Answer): ChunkMaker {
  const offsets: number[] = [];
  const open = openChoices(answer);
  const usage = answer.includesUsage && { usage: null };
  const ending = (end: EndPart, index: number) => ({
    ...completion(naming(answer, end), [choice('', toFinishReason(end), null, index)]),
    ...usage,
  });
  return {
    opening: [],
    sample: { ...completion(answer, [choice('', null, null)]), ...usage },
    of(part) {
      const ended = part.ended ?? (part.type === 'end' ? part : undefined);
      if (ended) {
        const last = closed(part, open).map((index) => ending(ended, index));
        const all = part.type === 'end' && usage && part.usage;
        return all ? [...last, { ...completion(naming(answer, ended), []), usage: toUsage(all) }] : last;
      }
      if (part.type === 'text') {
        const { text, logprobs, choice: index = 0 } = part;
        const offset = offsets[index] ?? 0;
        offsets[index] = offset + text.length;
        return [{ ...completion(answer, [choice(text, null, logprobs ? toLists(logprobs, offset) : null, index)]), ...usage }];
      }
      return [];
    },
    failure: (thrown) => [toOpenAiError(thrown).body],
    event: plainEvent,
    closing: plainClosing,
  };
}

function createWhole(answer: Answer): Collector {
  const choices = Array.from({ length: answer.choices }, () => ({
    text: '',
    tokens: [] as TokenLogprob[],
    end: undefined as EndPart | undefined,
  }));
  const open = openChoices(answer);
  let end: EndPart | undefined;
  return {
    add(part) {
      if (part.type === 'end') end = part;
      const ended = part.ended ?? end;
      if (ended) for (const index of closed(part, open)) Object.assign(choices[index] ?? {}, { end: ended });
      const place = choices[part.choice ?? 0];
      if (ended || !place || part.type !== 'text') return;
      place.text += part.text;
      place.tokens.push(...(part.logprobs ?? []));
    },
    finish: () => ({
      ...completion(
        end ? naming(answer, end) : answer,
        choices.map(({ text, tokens, end: ended }, index) =>
          choice(text, toFinishReason(ended), tokens.length > 0 ? toLists(tokens, 0) : null, index),
        ),
      ),
      ...(end?.usage && { usage: toUsage(end.usage) }),
    }),
  };
}

function naming(answer: Answer, { model }: EndPart): Answer {
  return { ...answer, model: model ?? answer.model };
}

function choice(text: string, finish_reason: string | null, logprobs: object | null, index = 0): object {
  return { text, index, logprobs, finish_reason };
}

function completion({ id, created, model }: Answer, choices: object[]) {
  return { id, object: 'text_completion', created, model, choices };
}
