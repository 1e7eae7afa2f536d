import type { JsonObject } from '../../protocol/json.ts';
import type { Exchange } from '../kit/exchange.ts';
import { pythonJson } from '../kit/python-json.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Ask, readStop } from '../openai-shape/ask.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { sendWhole } from '../openai-shape/frames.ts';
import { planReply, type Reply } from '../openai-shape/plan-reply.ts';
import { countTokens, throughStop } from '../tokens.ts';
import { since } from './koboldcpp-about.ts';

/** What its own generate routes are asked. */
export function readKoboldAsk(body: JsonObject): Ask {
  return {
    promptTokens: countTokens(`${String(body.memory ?? '')}${String(body.prompt ?? '')}`),
    tools: [],
    toolChoice: 'none',
    afterToolResult: false,
    stop: readStop(body.stop_sequence),
    ...(typeof body.max_length === 'number' && { maxTokens: body.max_length }),
  };
}

/** The answer with the stop text in it, unless it is to be trimmed. */
export function planKoboldReply(exchange: Exchange, version: string): Reply {
  const { body, scenario } = exchange;
  const ask = readKoboldAsk(body);
  const reply = planReply(ask, scenario);
  const trims = body.trim_stop ?? since(version, '1.80');
  if (trims === true || reply.stoppedBy === undefined) return reply;
  const tokens = throughStop(planReply({ ...ask, stop: [] }, scenario).tokens, ask.stop);
  return { ...reply, tokens, outputTokens: tokens.length };
}

/** POST /api/v1/generate */
export async function answerGenerate(exchange: Exchange, reply: Reply, version: string, finish = koboldFinish(reply)): Promise<void> {
  const more = since(version, '1.86')
    ? { tool_calls: [], logprobs: null, prompt_tokens: reply.promptTokens, completion_tokens: reply.outputTokens }
    : {};
  const result = { text: reply.tokens.join(''), finish_reason: finish, ...more };
  await sendWhole(exchange, { results: [result] }, reply.outputTokens, pythonJson);
}

/** POST /api/extra/generate/stream */
export async function answerStream(exchange: Exchange, reply: Reply, version: string, finish = koboldFinish(reply)): Promise<void> {
  const failed = frame('', 'error');
  await sendFrames(exchange, 'text/event-stream', streamFrames(exchange, reply, version, finish), () => failed);
}

function* streamFrames({ scenario }: Exchange, reply: Reply, version: string, finish: string): Generator<Frame> {
  const nothing = since(version, '1.86') ? null : 'null';
  const sharesLast = !since(version, '1.96') && !scenario.endless && reply.tokens.length > 0;
  do {
    const tokens = sharesLast ? reply.tokens.slice(0, -1) : reply.tokens;
    for (const token of tokens) yield { text: frame(token, nothing), token: true };
  } while (scenario.endless);
  const last = sharesLast ? (reply.tokens.at(-1) ?? '') : '';
  yield { text: frame(last, finish), ...(sharesLast && { token: true }) };
}

function frame(token: string, finish: string | null): string {
  return `event: message\ndata: ${pythonJson({ token, finish_reason: finish })}\n\n`;
}

/** `stop` means the model's own end; an ordinary stop text counts as `length`, as running out does. */
export function koboldFinish({ finish, stoppedBy }: Reply): string {
  return finish === 'stop' && stoppedBy !== undefined ? 'length' : finish;
}

/** How KoboldCpp writes the OpenAI shape. */
export function koboldDialect(version: string, finish?: string): Dialect {
  return {
    idPrefix: since(version, '1.109.2') ? 'chatcmpl-A' : 'koboldcpp',
    opening: 'every',
    closing: { content: '' },
    choice: (ended) => (ended ? { finish_reason: finish ?? koboldFinish(ended) } : {}),
    message: { tool_calls: [] },
    reasoning: 'reasoning_content',
    // The stream of an answer with tools is played after it was made.
    toolCalls: 'name-first',
    usage: since(version, '1.109.2') ? 'asked' : 'never',
    ...(!since(version, '1.109.2') && { usageFields: () => ({ prompt_tokens: 100, completion_tokens: 100, total_tokens: 200 }) }),
    json: pythonJson,
    // Without a line end, and then the connection closes.
    done: since(version, '1.102') ? 'data: [DONE]\n\n' : 'data: [DONE]',
    errorEvent: () => `data: ${pythonJson({ id: 'koboldcpp', choices: [{ index: 0, finish_reason: 'error', delta: {} }] })}\n\n`,
  };
}
