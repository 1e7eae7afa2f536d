import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Exchange } from '../kit/exchange.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Ask, readChatAsk } from './ask.ts';
import type { Dialect } from './dialect.ts';
import { endFrames, eventFrame, inLines, sendWhole, tellsUsage, usageOf } from './frames.ts';
import { contentLogprobs, listLogprobs } from './logprobs.ts';
import { planReply, type Reply } from './plan-reply.ts';

/** Answers a chat completions request, streaming or not, the way the dialect writes it. */
export async function answerChat(exchange: Exchange, dialect: Dialect, ask: Ask = readChatAsk(exchange.body)): Promise<void> {
  const reply = planReply(ask, exchange.scenario);
  if (exchange.body.stream !== true) return sendWhole(exchange, wholeAnswer(exchange, dialect, reply), reply.outputTokens, dialect.json);
  await sendFrames(inLines(exchange, dialect), 'text/event-stream; charset=utf-8', chatFrames(exchange, dialect, reply), () =>
    dialect.errorEvent(exchange.scenario.failure ?? 'server', exchange),
  );
}

function* chatFrames(exchange: Exchange, dialect: Dialect, reply: Reply): Generator<Frame> {
  const { scenario } = exchange;
  const wantsUsage = tellsUsage(exchange, dialect);
  const common = { ...envelope(exchange, dialect, 'chat.completion.chunk'), ...dialect.chunkFields };
  const chunk = (delta: JsonObject, more: JsonObject = {}, last: JsonObject = {}): string =>
    eventFrame(
      {
        ...common,
        choices: [{ index: 0, delta, finish_reason: null, ...dialect.choice?.(), ...more }],
        ...(wantsUsage && dialect.hasNullUsage && { usage: null }),
        ...last,
      },
      dialect.json,
    );

  if (dialect.hasCommentFirst && dialect.comment) yield { text: dialect.comment };
  if (typeof dialect.opening === 'object') yield { text: chunk(dialect.opening) };
  let role: JsonObject = dialect.opening === 'with-text' || dialect.opening === 'every' ? { role: 'assistant' } : {};
  const withRole = (delta: JsonObject): JsonObject => {
    const whole = { ...role, ...delta };
    if (dialect.opening !== 'every') role = {};
    return whole;
  };

  for (const thought of reply.thoughts)
    yield { text: chunk(withRole(dialect.thought?.(thought) ?? { [dialect.reasoning]: thought })), token: true };
  do {
    for (const token of reply.tokens) {
      if (scenario.pings && dialect.comment) yield { text: dialect.comment };
      const logprobs = reply.logprobs === undefined ? {} : { logprobs: chatLogprobs(dialect, [token], reply.logprobs) };
      yield { text: chunk(withRole({ [reply.isRefusal ? 'refusal' : 'content']: token }), logprobs), token: true };
    }
  } while (scenario.endless && reply.tokens.length > 0);
  for (const delta of toolCallDeltas(reply, dialect, scenario.argumentPiece ?? 3))
    yield { text: chunk(withRole({ tool_calls: [delta] })), token: true };

  const finish = { finish_reason: reply.finish, ...dialect.choice?.(reply) };
  const usage = wantsUsage ? { usage: usageOf(dialect, reply) } : {};
  if (wantsUsage && dialect.hasFinishInUsage) yield { text: chunk(withRole(dialect.closing), finish, usage) };
  else {
    yield { text: chunk(withRole(dialect.closing), finish, dialect.lastFields?.(reply)) };
    if (wantsUsage) yield { text: eventFrame({ ...common, choices: [], ...usage }, dialect.json) };
  }
  yield* endFrames(scenario, dialect);
}

function* toolCallDeltas(reply: Reply, dialect: Dialect, piece: number): Generator<JsonObject> {
  for (const [index, call] of reply.toolCalls.entries()) {
    const opening = { index, id: call.id, type: 'function' };
    if (dialect.toolCalls === 'bare') {
      yield { id: call.id, function: { name: call.name, arguments: call.arguments } };
      continue;
    }
    if (dialect.toolCalls === 'name-first') {
      yield { ...opening, function: { name: call.name, arguments: '' } };
      yield { index, function: { arguments: call.arguments } };
      continue;
    }
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
  const logprobs = reply.logprobs === undefined ? null : chatLogprobs(dialect, reply.tokens, reply.logprobs);
  return {
    ...envelope(exchange, dialect, 'chat.completion'),
    choices: [{ index: 0, message, logprobs, finish_reason: reply.finish, ...dialect.choice?.(reply) }],
    usage: usageOf(dialect, reply),
    ...dialect.lastFields?.(reply),
  };
}

function chatLogprobs({ hasListsInChat }: Dialect, tokens: string[], alternatives: number): JsonObject {
  return hasListsInChat ? listLogprobs(tokens, alternatives) : contentLogprobs(tokens, alternatives);
}

function envelope(exchange: Exchange, dialect: Dialect, object: string): JsonObject {
  return { id: `${dialect.idPrefix}1`, object, created: 1_767_225_600, model: exchange.model, ...dialect.fields };
}
