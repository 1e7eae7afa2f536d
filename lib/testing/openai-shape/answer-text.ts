import type { JsonObject } from '../../protocol/json.ts';
import type { Exchange } from '../kit/exchange.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Ask, readTextAsk } from './ask.ts';
import type { Dialect } from './dialect.ts';
import { endFrames, eventFrame, inLines, sendWhole, tellsUsage, usageOf } from './frames.ts';
import { contentLogprobs, listLogprobs } from './logprobs.ts';
import { planReply, type Reply } from './plan-reply.ts';

/** Answers a text completions request, streaming or not, the way the dialect writes it. */
export async function answerText(exchange: Exchange, dialect: Dialect, ask: Ask = readTextAsk(exchange.body)): Promise<void> {
  const { body, scenario } = exchange;
  const planned = planReply(ask, scenario);
  const reply = body.echo === true ? { ...planned, tokens: [String(body.prompt), ...planned.tokens] } : planned;
  if (body.stream === true) {
    const errorText = () => dialect.errorEvent(scenario.failure ?? 'server', exchange);
    return sendFrames(inLines(exchange, dialect), 'text/event-stream; charset=utf-8', textFrames(exchange, dialect, reply), errorText);
  }
  const choice = { index: 0, text: reply.tokens.join(''), logprobs: logprobs(dialect, reply, reply.tokens), finish_reason: reply.finish };
  const answer = {
    ...envelope(exchange, dialect),
    choices: [{ ...choice, ...dialect.choice?.(reply) }],
    usage: usageOf(dialect, reply),
    ...dialect.lastFields?.(reply),
  };
  await sendWhole(exchange, answer, reply.outputTokens, dialect.json);
}

function* textFrames(exchange: Exchange, dialect: Dialect, reply: Reply): Generator<Frame> {
  const { scenario } = exchange;
  const common = { ...envelope(exchange, dialect), ...dialect.chunkFields };
  const chunk = (text: string, more: JsonObject = {}, last: JsonObject = {}): string =>
    eventFrame(
      { ...common, choices: [{ index: 0, text, logprobs: null, finish_reason: null, ...dialect.choice?.(), ...more }], ...last },
      dialect.json,
    );
  if (dialect.hasCommentFirst && dialect.comment) yield { text: dialect.comment };
  do {
    for (const token of reply.tokens) {
      if (scenario.pings && dialect.comment) yield { text: dialect.comment };
      yield { text: chunk(token, { logprobs: logprobs(dialect, reply, [token]) }), token: true };
    }
  } while (scenario.endless && reply.tokens.length > 0);
  const finish = { finish_reason: reply.finish, ...dialect.choice?.(reply) };
  const usage = tellsUsage(exchange, dialect) ? { usage: usageOf(dialect, reply) } : undefined;
  if (usage && dialect.hasFinishInUsage) yield { text: chunk('', finish, usage) };
  else {
    yield { text: chunk('', finish, dialect.lastFields?.(reply)) };
    if (usage) yield { text: eventFrame({ ...common, choices: [], ...usage }, dialect.json) };
  }
  yield* endFrames(scenario, dialect);
}

function logprobs(dialect: Dialect, reply: Reply, tokens: string[]): JsonObject | null {
  if (reply.logprobs === undefined) return null;
  return dialect.textLogprobs === 'content' ? contentLogprobs(tokens, reply.logprobs) : listLogprobs(tokens, reply.logprobs);
}

function envelope(exchange: Exchange, dialect: Dialect): JsonObject {
  const envelope = { id: 'cmpl-1', object: 'text_completion', created: 1_767_225_600, model: exchange.model, ...dialect.fields };
  return dialect.textEnvelope?.(envelope) ?? envelope;
}
