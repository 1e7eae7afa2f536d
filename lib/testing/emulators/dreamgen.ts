import type { JsonObject } from '../../protocol/json.ts';
import { hasBearer } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { type Ask, readChatAsk, readTextAsk } from '../openai-shape/ask.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame } from '../openai-shape/frames.ts';
import { planReply, stockTokens } from '../openai-shape/plan-reply.ts';
import { countTokens, tokenise } from '../tokens.ts';

export interface DreamGenOptions extends EmulatorOptions {
  /** Lines of the native endpoint hold what is new, or all text so far. */
  lines?: 'new' | 'whole';
}

export const dreamGenModels = ['lucid-v1-max', 'lucid-v1-base', 'opus-v1-sm'];

/** Starts an emulator of DreamGen; its base address is `url`, with both protocols below it. */
export function startDreamGen(options: DreamGenOptions = {}): Promise<Emulator> {
  const known =
    (model: (exchange: Exchange) => string, run: Handler): Handler =>
    (exchange) =>
      dreamGenModels.includes(model(exchange).replace(/\/.*/, '').replace(/\?.*/, '')) ? run(exchange) : exchange.fail('model-not-found');
  const shaped = (run: Handler) => known((exchange) => exchange.model, run);
  return startEmulator(
    {
      gate(exchange) {
        if (hasBearer(exchange, options.apiKey)) return false;
        exchange.fail('unauthorized');
        return true;
      },
      routes: {
        'GET /api/openai/v1/models': (exchange) =>
          exchange.json(200, {
            object: 'list',
            data: [
              ...dreamGenModels.map((id) => ({ id, object: 'model', display_type: 'text' })),
              { id: 'lucid-image', object: 'model', display_type: 'image' },
            ],
          }),
      },
      answers: {
        // It streams whatever `stream` says, and leaves the stop text in.
        'POST /api/openai/v1/chat/completions': shaped((exchange) =>
          answerChat(alwaysStreaming(exchange), dialect, withoutIgnored(readChatAsk(exchange.body), exchange)),
        ),
        'POST /api/openai/v1/completions': shaped((exchange) =>
          answerText(alwaysStreaming(exchange), dialect, withoutIgnored(readTextAsk(exchange.body), exchange)),
        ),
        'POST /api/v1/model/completion': known(
          (exchange) => String(exchange.body.modelId),
          (exchange) => answerNative(exchange, options.lines ?? 'new'),
        ),
      },
      unknown: (exchange) => exchange.json(404, { error: { message: 'Not found', type: 'not_found', code: 404 } }),
      failure: dreamGenFailure,
    },
    options,
  );
}

const dialect: Dialect = {
  idPrefix: 'cmpl-',
  opening: 'with-text',
  closing: {},
  reasoning: 'reasoning_content',
  toolCalls: 'whole',
  usage: 'always',
  errorEvent: (failure, exchange) => eventFrame(asObject(exchange.failure(failure).body)),
};

function alwaysStreaming(exchange: Exchange): Exchange {
  return { ...exchange, body: { ...exchange.body, stream: true } };
}

/** Tools and formats are taken without a word; the stop text is written before the model stops. */
function withoutIgnored(ask: Ask, { scenario }: Exchange): Ask {
  const { schema: _, pattern: __, ...rest } = ask;
  if (scenario.tokens === undefined && scenario.count === undefined) scenario.tokens = throughStop(stockTokens, ask.stop);
  else if (scenario.tokens) scenario.tokens = throughStop(scenario.tokens, ask.stop);
  return { ...rest, stop: [], tools: [] };
}

function throughStop(tokens: string[], stops: string[]): string[] {
  const text = tokens.join('');
  const ends = stops.filter((stop) => text.includes(stop)).map((stop) => text.indexOf(stop) + stop.length);
  return ends.length > 0 ? tokenise(text.slice(0, Math.min(...ends))) : tokens;
}

/** One JSON text a line, the last with a reason to finish. */
async function answerNative(exchange: Exchange, lines: 'new' | 'whole'): Promise<void> {
  const { body, scenario } = exchange;
  const params = asObject(body.samplingParams);
  if (params.kind !== 'basic')
    return exchange.json(400, { success: false, message: 'samplingParams.kind: Invalid discriminator value', status: 400 });
  const stop = Array.isArray(params.stopSequences) ? params.stopSequences.map(String) : [];
  const ask: Ask = {
    promptTokens: countTokens(String(body.input)),
    tools: [],
    toolChoice: 'none',
    afterToolResult: false,
    stop: [],
    ...(typeof params.maxTokens === 'number' && { maxTokens: params.maxTokens }),
  };
  const reply = planReply(ask, {
    ...scenario,
    ...(scenario.count === undefined && { tokens: throughStop(scenario.tokens ?? stockTokens, stop) }),
  });
  const frames = function* (): Generator<Frame> {
    let text = '';
    let outputTokens = 0;
    do {
      for (const [index, token] of reply.tokens.entries()) {
        text += token;
        outputTokens += 1;
        const isLast = index === reply.tokens.length - 1 && !scenario.endless;
        const line: JsonObject = {
          success: true,
          output: lines === 'whole' ? text : token,
          ...(isLast && { finishReason: reply.finish === 'length' ? 'length' : 'stop' }),
          usage: { inputTokens: reply.promptTokens, outputTokens, completionCredits: outputTokens },
        };
        yield { text: `${JSON.stringify(line)}${isLast && scenario.dropLastBlankLine ? '' : '\n'}`, token: true };
      }
    } while (scenario.endless);
  };
  await sendFrames(exchange, 'application/x-ndjson', frames(), () => {
    const { status, body: error } = exchange.failure(scenario.failure ?? 'server');
    return `${JSON.stringify({ success: false, message: asObject(asObject(error).error).message, status })}\n`;
  });
}

/** DreamGen's status and words for each failure, as far as they are known. */
function dreamGenFailure(failure: Failure, exchange: Exchange): CannedReply {
  const table: Record<Failure, [number, string, string]> = {
    unauthorized: [401, 'Invalid API key', 'authentication_error'],
    forbidden: [403, 'Your plan does not include this model', 'permission_error'],
    'out-of-credit': [402, 'You have run out of credits', 'insufficient_credits'],
    'model-not-found': [404, `The model ${exchange.model} does not exist`, 'model_not_found'],
    'rate-limited': [429, 'Too many requests', 'rate_limit_exceeded'],
    'context-length': [400, "This model's maximum context length is 8192 tokens.", 'context_length_exceeded'],
    'content-filter': [400, 'Refused by the content_filter', 'content_filter'],
    'bad-request': [400, 'messages: Required', 'invalid_request_error'],
    overloaded: [503, 'All servers are busy', 'service_unavailable'],
    loading: [503, 'All servers are busy', 'service_unavailable'],
    server: [500, 'Internal error', 'internal_error'],
  };
  const [status, message, code] = table[failure];
  return { status, body: { error: { message, type: code, code } } };
}
