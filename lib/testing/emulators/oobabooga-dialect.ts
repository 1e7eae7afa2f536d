import type { JsonObject } from '../../protocol/json.ts';
import { pythonJson } from '../kit/python-json.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import type { Reply } from '../openai-shape/plan-reply.ts';
import type { OobaboogaVersion } from './oobabooga.ts';

/** How each version writes its streams: line ends, role, usage, reasoning and end marker came to OpenAI's ways one by one. */
export function oobaboogaDialect(version: OobaboogaVersion): Dialect {
  const isOpenAi = version === '4.1';
  return {
    idPrefix: 'chatcmpl-',
    opening: isOpenAi ? { role: 'assistant', refusal: null, content: '' } : 'every',
    closing: isOpenAi ? {} : { content: '' },
    ...(version === '4.0' && { choice: (): JsonObject => ({ logprobs: null }) }),
    reasoning: 'reasoning_content',
    toolCalls: 'whole',
    usage: isOpenAi ? 'asked' : 'never',
    ...(!isOpenAi && { lastFields: (reply: Reply) => ({ usage: usage(reply) }) }),
    comment: ': ping - 2026-11-22 10:36:46.446340+00:00\n\n',
    hasCommentFirst: true,
    json: pythonJson,
    ...((version === '2' || version === '3') && { lineEnds: 'crlf' as const }),
    done: isOpenAi ? 'data: [DONE]\n\n' : '',
    // An exception ends the stream without a word.
    errorEvent: () => '',
  };
}

function usage({ promptTokens, outputTokens }: Reply): JsonObject {
  return { prompt_tokens: promptTokens, completion_tokens: outputTokens, total_tokens: promptTokens + outputTokens };
}
