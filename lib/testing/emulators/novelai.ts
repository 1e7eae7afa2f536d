import type { JsonObject } from '../../protocol/json.ts';
import { hasBearer } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { type Ask, listOf } from '../openai-shape/ask.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame, sendWhole } from '../openai-shape/frames.ts';
import { planReply } from '../openai-shape/plan-reply.ts';
import { countTokens } from '../tokens.ts';

export interface NovelOptions extends EmulatorOptions {
  /** 0 Paper, 1 Tablet, 2 Scroll, 3 Opus; Opus unless told. */
  tier?: number;
  isExpired?: boolean;
  /** Its OpenAI-shaped list names no models, as for some accounts. */
  listsNothing?: boolean;
  /** One answer at a time for the account; one that was stopped counts as running for so many milliseconds more. */
  lockMs?: number;
}

/** Starts an emulator of NovelAI's hosts for text and accounts in one; its base address is `url`. */
export function startNovelAi(options: NovelOptions = {}): Promise<Emulator> {
  const { tier = 3, isExpired = false } = options;
  let lockedUntil = 0;

  const alone =
    (run: Handler): Handler =>
    async (exchange) => {
      if (isExpired) return exchange.fail('out-of-credit');
      const needed = { 'llama-3-erato-v1': 3, 'xialong-v1': 3, 'clio-v1': 1 }[exchange.model] ?? 0;
      if (needed > tier) return exchange.fail('forbidden');
      if (options.lockMs === undefined) return run(exchange);
      if (Date.now() < lockedUntil) return exchange.fail('rate-limited');
      lockedUntil = Number.POSITIVE_INFINITY;
      try {
        await run(exchange);
      } finally {
        lockedUntil = exchange.gone.aborted && !exchange.response.writableFinished ? Date.now() + options.lockMs : 0;
      }
    };
  const story = (stream: boolean): Handler =>
    alone((exchange) => {
      if (!storyModels.includes(exchange.model)) return exchange.fail('model-not-found');
      const complaint = storyComplaint(exchange.body, tier);
      return complaint ? exchange.json(400, { statusCode: 400, message: complaint }) : answerStory(exchange, stream);
    });
  const shaped = (run: Handler): Handler =>
    alone((exchange) => {
      if (!shapedModels.includes(exchange.model)) return exchange.fail('model-not-found');
      const array = listOf(exchange.body.messages).some(({ content }) => typeof content !== 'string');
      if (array)
        return exchange.json(400, {
          error: { message: 'json: cannot unmarshal array into Go struct field Message.messages.content of type string' },
        });
      return run(exchange);
    });

  return startEmulator(
    {
      gate(exchange) {
        if (hasBearer(exchange, options.apiKey)) return false;
        exchange.fail('unauthorized');
        return true;
      },
      routes: {
        'GET /user/subscription': (exchange) =>
          exchange.json(200, {
            tier: isExpired ? 0 : tier,
            active: !isExpired,
            expiresAt: 1_767_225_600,
            perks: { maxPriorityActions: 1000, contextTokens: [0, 4096, 8192, 8192][tier] ?? 0, unlimitedMaxPriority: true },
            trainingStepsLeft: { fixedTrainingStepsLeft: 0, purchasedTrainingSteps: 0 },
          }),
        'GET /user/information': (exchange) => exchange.json(200, { emailVerified: true, trialActivated: false, trialActionsLeft: 0 }),
        'GET /oa/v1/models': (exchange) =>
          exchange.json(200, { object: 'list', data: options.listsNothing ? [] : shapedModels.map((id) => ({ id, object: 'model' })) }),
      },
      answers: {
        'POST /ai/generate': story(false),
        'POST /ai/generate-stream': story(true),
        'POST /oa/v1/chat/completions': shaped((exchange) =>
          exchange.body.stream === true ? answerChat(exchange, dialect) : brokenWhole(exchange),
        ),
        'POST /oa/v1/completions': shaped((exchange) => answerText(exchange, dialect)),
      },
      unknown: (exchange) => exchange.json(404, { statusCode: 404, message: 'Not Found' }),
      failure: novelFailure,
    },
    options,
  );
}

const storyModels = ['kayra-v1', 'llama-3-erato-v1', 'clio-v1'];
const shapedModels = ['glm-4-6', 'xialong-v1', 'brand-new-v1'];

const dialect: Dialect = {
  idPrefix: 'chatcmpl-',
  opening: 'with-text',
  closing: {},
  reasoning: 'reasoning_content',
  toolCalls: 'whole',
  usage: 'asked',
  errorEvent: (failure, exchange) => eventFrame({ error: asObject(exchange.failure(failure).body) }),
};

/** Without a stream, chat answers with a chunk that holds no text. */
function brokenWhole(exchange: Exchange): void {
  exchange.json(200, {
    id: 'x',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, text: '', token_ids: [1, 2], finish_reason: 'stop' }],
  });
}

function storyComplaint({ input, parameters }: JsonObject, tier: number): string | undefined {
  const given = asObject(parameters);
  const longest = tier >= 3 ? 250 : 150;
  if (typeof input !== 'string' || input.length > 100_000) return 'input must be at most 100000 characters';
  if (countTokens(input) > 8192) return 'Prompt is too long';
  if (typeof given.max_length !== 'number' || given.max_length > longest) return `max_length must not be greater than ${longest}`;
  if (given.repetition_penalty_slope === 0) return 'Internal Server Error';
  if (typeof given.temperature === 'number' && given.temperature < 0.1) return 'temperature must not be less than 0.1';
  return undefined;
}

/** With `use_string: false` tokens are base64 of their numbers: 2 bytes each, or 4 for Erato. */
async function answerStory(exchange: Exchange, stream: boolean): Promise<void> {
  const { body, scenario, model } = exchange;
  const parameters = asObject(body.parameters);
  const ask: Ask = {
    promptTokens: countTokens(String(body.input)),
    tools: [],
    toolChoice: 'none',
    afterToolResult: false,
    stop: [],
    maxTokens: Number(parameters.max_length),
  };
  const { tokens } = planReply(ask, scenario);
  const write = (pieces: string[]) =>
    parameters.use_string === false ? numbers(pieces, model.includes('erato') ? 4 : 2) : pieces.join('');
  if (!stream) return sendWhole(exchange, { output: write(tokens), logprobs: null }, tokens.length);
  const frames = function* (): Generator<Frame> {
    do {
      for (const [ptr, token] of tokens.entries()) {
        const final = ptr === tokens.length - 1 && !scenario.endless;
        if (scenario.pings) yield { text: ':\n\n' };
        const text = `event: newToken\nid: ${ptr + 1}\ndata: ${JSON.stringify({ token: write([token]), ptr, final, logprobs: null })}\n\n`;
        yield { text: final && scenario.dropLastBlankLine ? text.slice(0, -2) : text, token: true };
      }
    } while (scenario.endless);
  };
  await sendFrames(
    exchange,
    'text/event-stream',
    frames(),
    () => `data: ${JSON.stringify(exchange.failure(scenario.failure ?? 'server').body)}\n\n`,
  );
}

function numbers(tokens: string[], bytes: 2 | 4): string {
  const buffer = Buffer.alloc(tokens.length * bytes);
  for (const [index, token] of tokens.entries()) buffer.writeUIntLE(token.charCodeAt(0) % 65_536, index * bytes, bytes);
  return buffer.toString('base64');
}

/** NovelAI's status and words for each failure. */
function novelFailure(failure: Failure): CannedReply {
  const table: Record<Failure, [number, string]> = {
    unauthorized: [401, 'Invalid accessToken.'],
    forbidden: [403, 'This model is not available on your subscription tier.'],
    'out-of-credit': [402, 'An active subscription is required to access this endpoint.'],
    'model-not-found': [409, 'Model is not eligible.'],
    'rate-limited': [429, 'Concurrent generation is locked.'],
    'context-length': [400, 'Prompt is too long'],
    'content-filter': [400, 'The content was refused by a content_filter.'],
    'bad-request': [400, 'Validation error: parameters.temperature must not be less than 0.1'],
    overloaded: [503, 'Service Unavailable'],
    loading: [503, 'Service Unavailable'],
    server: [500, 'Internal Server Error'],
  };
  const [statusCode, message] = table[failure];
  return { status: statusCode, body: { statusCode, message } };
}
