import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Exchange } from '../kit/exchange.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Ask, readChatAsk } from './ask.ts';
import type { Dialect } from './dialect.ts';
import { endFrames, eventFrame, sendWhole, tellsUsage, usageOf } from './frames.ts';
import { contentLogprobs } from './logprobs.ts';
import { planReply, type Reply } from './plan-reply.ts';

/** Answers a chat completions request, streaming or not, the way the dialect writes it. */
export async function answerChat(exchange: Exchange, dialect: Dialect, ask: Ask = readChatAsk(exchange.body)): Promise<void> {
  const reply = planReply(ask, exchange.scenario);
  if (exchange.body.stream !== true) return sendWhole(exchange, wholeAnswer(exchange, dialect, reply), reply.outputTokens);
  await sendFrames(exchange, 'text/event-stream; charset=utf-8', chatFrames(exchange, dialect, reply), () =>
    dialect.errorEvent(exchange.scenario.failure ?? 'server', exchange),
  );
}

function* chatFrames(exchange: Exchange, dialect: Dialect, reply: Reply): Generator<Frame> {
  const { scenario } = exchange;
  const wantsUsage = tellsUsage(exchange, dialect);
  const common = { ...envelope(exchange, dialect, 'chat.completion.chunk'), ...dialect.chunkFields };
  const chunk = (delta: JsonObject, more: JsonObject = {}, last: JsonObject = {}): string =>
    eventFrame({
      ...common,
      choices: [{ index: 0, delta, finish_reason: null, ...dialect.choice?.(), ...more }],
      ...(wantsUsage && dialect.hasNullUsage && { usage: null }),
      ...last,
    });

  if (dialect.hasCommentFirst && dialect.comment) yield { text: dialect.comment };
  if (dialect.opening !== 'with-text') yield { text: chunk(dialect.opening) };
  let role: JsonObject = dialect.opening === 'with-text' ? { role: 'assistant' } : {};
  const withRole = (delta: JsonObject): JsonObject => {
    const whole = { ...role, ...delta };
    role = {};
    return whole;
  };

  for (const thought of reply.thoughts) yield { text: chunk(withRole({ [dialect.reasoning]: thought })), token: true };
  do {
    for (const token of reply.tokens) {
      if (scenario.pings && dialect.comment) yield { text: dialect.comment };
      const logprobs = reply.logprobs === undefined ? {} : { logprobs: contentLogprobs([token], reply.logprobs) };
      yield { text: chunk(withRole({ [reply.isRefusal ? 'refusal' : 'content']: token }), logprobs), token: true };
    }
  } while (scenario.endless && reply.tokens.length > 0);
  for (const delta of toolCallDeltas(reply, dialect, scenario.argumentPiece ?? 3))
    yield { text: chunk(withRole({ tool_calls: [delta] })), token: true };

  yield {
    text: chunk(withRole(dialect.closing), { finish_reason: reply.finish, ...dialect.choice?.(reply) }, dialect.lastFields?.(reply)),
  };
  if (wantsUsage) yield { text: eventFrame({ ...common, choices: [], usage: usageOf(dialect, reply) }) };
  yield* endFrames(scenario);
}

function* toolCallDeltas(reply: Reply, dialect: Dialect, piece: number): Generator<JsonObject> {
  for (const [index, call] of reply.toolCalls.entries()) {
    const opening = { index, id: call.id, type: 'function' };
    if (dialect.toolCalls === 'whole') {
      yield { ...opening, function: { name: call.name, arguments: call.arguments } };
      continue;
    }
    yield { ...opening, function: { name: call.name, arguments: '' } };
    for (let start = 0; start < call.arguments.length; start += piece)
      yield { index, function: { arguments: call.arguments.slice(start, start + piece) } };
  }
}

function wholeAnswer(exchange: Exchange, dialect: Dialect, reply: Reply): JsonObject {
  const text = reply.tokens.join('');
  const calls: JsonValue = reply.toolCalls.map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  const message: JsonObject = {
    role: 'assistant',
    content: reply.isRefusal || (calls.length > 0 && text === '') ? null : text,
    ...dialect.message,
    ...(reply.isRefusal && { refusal: text }),
    ...(reply.thoughts.length > 0 && { [dialect.reasoning]: reply.thoughts.join('') }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  const logprobs = reply.logprobs === undefined ? null : contentLogprobs(reply.tokens, reply.logprobs);
  return {
    ...envelope(exchange, dialect, 'chat.completion'),
    choices: [{ index: 0, message, logprobs, finish_reason: reply.finish, ...dialect.choice?.(reply) }],
    usage: usageOf(dialect, reply),
    ...dialect.lastFields?.(reply),
  };
}

function envelope(exchange: Exchange, dialect: Dialect, object: string): JsonObject {
  return { id: `${dialect.idPrefix}1`, object, created: 1_767_225_600, model: exchange.model, ...dialect.fields };
}
