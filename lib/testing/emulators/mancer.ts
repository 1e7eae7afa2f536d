import type { JsonObject } from '../../protocol/json.ts';
import { credentialsOf } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame } from '../openai-shape/frames.ts';

export const mancerModels = ['mytholite', 'deepseek-v4-flash'];

/** Starts an emulator of Mancer; its base address is `url`, below which everything is under /oai/v1. */
export function startMancer(options: EmulatorOptions = {}): Promise<Emulator> {
  const checked =
    (run: Handler): Handler =>
    (exchange) => {
      if (options.apiKey !== undefined && exchange.request.headers['x-api-key'] !== options.apiKey) return exchange.fail('unauthorized');
      if (!mancerModels.includes(exchange.model)) return exchange.fail('model-not-found');
      const complaint = mancerComplaint(exchange.body);
      return complaint ? exchange.json(422, { error: { message: complaint } }) : run(exchange);
    };
  return startEmulator(
    {
      gate(exchange) {
        // The list is public, but a wrong key is refused there as well.
        const isWrong =
          credentialsOf(exchange.request) !== '' && options.apiKey !== undefined && credentialsOf(exchange.request) !== options.apiKey;
        if (isWrong) exchange.fail('unauthorized');
        return isWrong;
      },
      routes: { 'GET /oai/v1/models': (exchange) => exchange.json(200, { object: 'list', data: mancerModels.map(modelCard) }) },
      answers: {
        'POST /oai/v1/chat/completions': checked((exchange) => answerChat(exchange, dialect)),
        'POST /oai/v1/completions': checked((exchange) => answerText(exchange, dialect)),
      },
      unknown: (exchange) => exchange.json(404, { error: { message: 'Not Found' } }),
      failure: mancerFailure,
    },
    options,
  );
}

/** Every chunk counts what was spent so far; there is no usage in a stream. */
const dialect: Dialect = {
  idPrefix: 'x-',
  fields: { 'x-input-tokens': 20, 'x-output-tokens': 1, 'x-spent-credits': 4.2 },
  opening: 'with-text',
  closing: {},
  reasoning: 'reasoning',
  toolCalls: 'pieces',
  usage: 'asked',
  lastFields: (reply) => ({ 'x-input-tokens': reply.promptTokens, 'x-output-tokens': reply.outputTokens, 'x-spent-credits': 9 }),
  errorEvent: (failure, exchange) => eventFrame(asObject(exchange.failure(failure).body)),
};

/** What Mancer refuses with 422. */
function mancerComplaint(body: JsonObject): string | undefined {
  if (body.stream_options !== undefined) return 'stream_options is not supported';
  if (body.tool_choice !== undefined && body.tool_choice !== 'auto') return "tool_choice must be 'auto' or null";
  if (typeof body.repetition_penalty === 'number' && body.repetition_penalty < 1) return 'repetition_penalty must be at least 1';
  return undefined;
}

function modelCard(id: string): JsonObject {
  return {
    id,
    object: 'model',
    name: id === 'mytholite' ? 'MythoLite' : id,
    limits: { context: 8192, completion: 512 },
    pricing: { prompt: 0.2, completion: 0.3 },
  };
}

/** Mancer's status and words for each failure, as far as they are known. */
function mancerFailure(failure: Failure, exchange: Exchange): CannedReply {
  const table: Record<Failure, [number, string]> = {
    unauthorized: [401, 'Invalid API key'],
    forbidden: [403, 'This model is for paying users only'],
    'out-of-credit': [402, 'Not enough credits'],
    'model-not-found': [404, `Model ${exchange.model} not found`],
    'rate-limited': [429, 'Too many requests'],
    'context-length': [400, "Prompt exceeds the model's maximum context length of 8192 tokens"],
    'content-filter': [400, 'Refused by moderation'],
    'bad-request': [422, 'temperature: must be at most 5'],
    overloaded: [503, 'No workers available'],
    loading: [503, 'No workers available'],
    server: [500, 'Internal Server Error'],
  };
  const [status, message] = table[failure];
  return { status, body: { error: { message } } };
}
