import type { JsonObject } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Ask, readStop } from '../openai-shape/ask.ts';
import { eventFrame, sendWhole } from '../openai-shape/frames.ts';
import { planReply, type Reply } from '../openai-shape/plan-reply.ts';
import { countTokens } from '../tokens.ts';

/** llama-server's own `/completion`: streams without `[DONE]`, the last object says `stop: true`. */
export async function answerNativeCompletion(exchange: Exchange, contextWindow: number): Promise<void> {
  const { body } = exchange;
  const reply = planReply(readNativeAsk(body), exchange.scenario);
  if (body.stream !== true)
    return sendWhole(exchange, lastObject(exchange, reply, reply.tokens.join(''), contextWindow), reply.outputTokens);
  const errorText = () => eventFrame(asObject(exchange.failure(exchange.scenario.failure ?? 'server').body));
  await sendFrames(exchange, 'text/event-stream', nativeFrames(exchange, reply, contextWindow), errorText);
}

function readNativeAsk(body: JsonObject): Ask {
  return {
    promptTokens: countTokens(String(body.prompt ?? '')),
    ...(body.json_schema !== undefined && { schema: body.json_schema }),
    tools: [],
    toolChoice: 'none',
    afterToolResult: false,
    stop: readStop(body.stop),
    ...(typeof body.n_predict === 'number' && body.n_predict >= 0 && { maxTokens: body.n_predict }),
    ...(typeof body.n_probs === 'number' && body.n_probs > 0 && { logprobs: body.n_probs }),
  };
}

function* nativeFrames(exchange: Exchange, reply: Reply, contextWindow: number): Generator<Frame> {
  let predicted = 0;
  do {
    for (const content of reply.tokens) {
      predicted += 1;
      const common = {
        index: 0,
        content,
        tokens: [predicted],
        stop: false,
        id_slot: 0,
        tokens_predicted: predicted,
        tokens_evaluated: reply.promptTokens,
      };
      yield { text: eventFrame({ ...common, ...probabilities(reply, [content]) }), token: true };
    }
  } while (exchange.scenario.endless && reply.tokens.length > 0);
  yield { text: eventFrame(lastObject(exchange, reply, '', contextWindow)) };
}

function lastObject(exchange: Exchange, reply: Reply, content: string, contextWindow: number): JsonObject {
  const stopType = reply.finish === 'length' ? 'limit' : reply.stoppedBy === undefined ? 'eos' : 'word';
  return {
    index: 0,
    content,
    tokens: [],
    id_slot: 0,
    stop: true,
    model: exchange.model,
    tokens_predicted: reply.outputTokens,
    tokens_evaluated: reply.promptTokens,
    generation_settings: { n_ctx: contextWindow },
    prompt: String(exchange.body.prompt ?? ''),
    has_new_line: false,
    truncated: false,
    stop_type: stopType,
    stopping_word: reply.stoppedBy ?? '',
    tokens_cached: reply.promptTokens + reply.outputTokens,
    timings: { prompt_n: reply.promptTokens, predicted_n: reply.outputTokens, predicted_per_second: 100 },
    ...(content !== '' && probabilities(reply, reply.tokens)),
  };
}

function probabilities(reply: Reply, tokens: string[]): JsonObject {
  if (reply.logprobs === undefined) return {};
  const entry = (token: string, id: number) => ({ id, token, logprob: -0.125, bytes: [...Buffer.from(token, 'utf8')] });
  return { completion_probabilities: tokens.map((token, index) => ({ ...entry(token, index), top_logprobs: [entry(token, index)] })) };
}
