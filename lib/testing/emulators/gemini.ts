import type { JsonObject } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure, Finish } from '../kit/scenario.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../kit/start-emulator.ts';
import { vectorOf } from '../openai-shape/answer-embeddings.ts';
import { type Ask, listOf } from '../openai-shape/ask.ts';
import { eventFrame, sendWhole } from '../openai-shape/frames.ts';
import { planReply, type Reply } from '../openai-shape/plan-reply.ts';
import { countTokens } from '../tokens.ts';

/** One of version 3, one that thinks by budget, a Gemma without system text, and one for embeddings. */
export const geminiModels = ['gemini-3.5-flash', 'gemini-2.5-flash', 'gemma-3-27b-it', 'gemini-embedding-001'];

/** Starts an emulator of Google's Gemini API; its base address is `url`, below which everything is under /v1beta. */
export function startGemini(options: EmulatorOptions = {}): Promise<Emulator> {
  const named = (run: (exchange: Exchange) => void | Promise<void>) => (exchange: Exchange) => {
    exchange.model = modelOf(exchange);
    if (!geminiModels.includes(exchange.model)) return exchange.fail('model-not-found');
    const complaint = geminiComplaint(exchange.body, exchange.model);
    return complaint ? exchange.json(400, { error: { code: 400, message: complaint, status: 'INVALID_ARGUMENT' } }) : run(exchange);
  };
  return startEmulator(
    {
      cors: () => ({ 'access-control-allow-origin': '*' }),
      gate(exchange) {
        const { headers, method } = exchange.request;
        if (method === 'OPTIONS' || options.apiKey === undefined || headers['x-goog-api-key'] === options.apiKey) return false;
        exchange.fail(headers['x-goog-api-key'] === undefined ? 'forbidden' : 'unauthorized');
        return true;
      },
      routes: {
        'GET /v1beta/models': listModels,
        'GET /v1beta/models/*': (exchange) => {
          exchange.model = modelOf(exchange);
          if (geminiModels.includes(exchange.model)) exchange.json(200, modelCard(exchange.model));
          else exchange.fail('model-not-found');
        },
      },
      answers: {
        'POST /v1beta/models/*': (exchange) => {
          const verb = exchange.request.path.split(':').at(-1) ?? '';
          const run = verbs[verb];
          if (!run) return exchange.json(404, { error: { code: 404, message: 'Requested entity was not found.', status: 'NOT_FOUND' } });
          return named(run)(exchange);
        },
      },
      unknown: (exchange) => exchange.text(404, ''),
      failure: geminiFailure,
    },
    options,
  );
}

const verbs: Record<string, (exchange: Exchange) => void | Promise<void>> = {
  generateContent: (exchange) => {
    const reply = planReply(readAsk(exchange.body), exchange.scenario);
    return sendWhole(exchange, chunk(exchange, reply, wholeParts(reply), true), reply.outputTokens);
  },
  streamGenerateContent: answerStream,
  countTokens: (exchange) => exchange.json(200, { totalTokens: readAsk(asObject(exchange.body.generateContentRequest)).promptTokens }),
  batchEmbedContents: (exchange) =>
    exchange.json(200, {
      embeddings: listOf(exchange.body.requests).map((request) => {
        const text = listOf(asObject(request.content).parts)
          .map((part) => String(part.text))
          .join('');
        return { values: vectorOf(text, Number(request.outputDimensionality ?? 8)) };
      }),
    }),
};

function modelOf(exchange: Exchange): string {
  return decodeURIComponent(exchange.request.path.slice('/v1beta/models/'.length).split(':')[0] ?? '');
}

function listModels(exchange: Exchange): void {
  const query = new URLSearchParams(exchange.request.query);
  const size = Number(query.get('pageSize') ?? 50);
  const start = Number(query.get('pageToken') ?? 0);
  const page = geminiModels.slice(start, start + size).map(modelCard);
  exchange.json(200, { models: page, ...(start + size < geminiModels.length && { nextPageToken: String(start + size) }) });
}

function modelCard(id: string): JsonObject {
  return {
    name: `models/${id}`,
    version: '001',
    displayName: id,
    description: 'A model of the emulator.',
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: id.includes('embedding') ? ['embedContent'] : ['generateContent', 'countTokens'],
    thinking: /gemini-(2\.5|3)/.test(id),
  };
}

/** What the API refuses with 400. */
function geminiComplaint(body: JsonObject, model: string): string | undefined {
  const config = asObject(body.generationConfig);
  const thinking = asObject(config.thinkingConfig);
  const contents = listOf(body.contents);
  if (model.startsWith('gemma') && body.systemInstruction !== undefined) return `Developer instruction is not enabled for models/${model}`;
  if (Array.isArray(config.stopSequences) && config.stopSequences.length > 5) return 'The maximum number of stop sequences is 5.';
  if (thinking.thinkingLevel !== undefined && model.includes('2.5')) return 'Thinking level is not supported for this model.';
  if (thinking.thinkingLevel === 'minimal' && /-pro\b|gemini-(3\.[7-9]|4)/.test(model)) return 'Thinking level MINIMAL is not supported.';
  if (config.presencePenalty !== undefined && model.includes('2.5')) return 'Penalty is not enabled for this model';
  if (config.responseMimeType === 'application/json' && listOf(body.tools).length > 0 && model.includes('2.5'))
    return "Function calling with a response mime type: 'application/json' is unsupported";
  if (listOf(body.requests).length > 100) return 'BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch';
  if (contents.some(({ role }) => role !== 'user' && role !== 'model')) return 'Please use a valid role: user, model.';
  for (const [index, { parts }] of contents.entries()) {
    const calls = listOf(parts).filter((part) => part.functionCall !== undefined);
    if (calls.length === 0) continue;
    if (model.includes('gemini-3') && calls[0]?.thoughtSignature === undefined)
      return `Function call is missing a thought_signature in functionCall parts. Position ${index}.`;
    const answers = listOf(contents[index + 1]?.parts).filter((part) => part.functionResponse !== undefined);
    if (contents[index + 1] && answers.length !== calls.length) {
      return 'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';
    }
  }
  return undefined;
}

function readAsk(body: JsonObject): Ask {
  const config = asObject(body.generationConfig);
  const contents = listOf(body.contents);
  const calling = asObject(asObject(body.toolConfig).functionCallingConfig);
  const names = Array.isArray(calling.allowedFunctionNames) ? calling.allowedFunctionNames : [];
  return {
    promptTokens: countTokens(JSON.stringify([body.systemInstruction ?? '', contents, body.tools ?? ''])),
    ...(config.responseMimeType === 'application/json' && { schema: config.responseJsonSchema ?? { type: 'object' } }),
    tools: listOf(body.tools).flatMap((tool) =>
      listOf(tool.functionDeclarations).map((declared) => ({
        name: String(declared.name),
        description: String(declared.description ?? ''),
        parameters: declared.parametersJsonSchema ?? {},
      })),
    ),
    toolChoice:
      calling.mode === 'NONE' ? 'none' : typeof names[0] === 'string' ? { name: names[0] } : calling.mode === 'ANY' ? 'required' : 'auto',
    afterToolResult: listOf(contents.at(-1)?.parts).some((part) => part.functionResponse !== undefined),
    stop: Array.isArray(config.stopSequences) ? config.stopSequences.map(String) : [],
    ...(typeof config.maxOutputTokens === 'number' && { maxTokens: config.maxOutputTokens }),
    ...(config.responseLogprobs === true && { logprobs: Number(config.logprobs ?? 0) }),
  };
}

/** Events with `alt=sse`; without it one JSON array that grows. */
async function answerStream(exchange: Exchange): Promise<void> {
  const reply = planReply(readAsk(exchange.body), exchange.scenario);
  const error = (): JsonObject => asObject(exchange.failure(exchange.scenario.failure ?? 'overloaded').body);
  if (new URLSearchParams(exchange.request.query).get('alt') === 'sse') {
    return sendFrames(exchange, 'text/event-stream', chunkFrames(exchange, reply), () => eventFrame(error()));
  }
  const frames = [...chunkFrames(exchange, reply)].map((frame, index) => ({
    ...frame,
    text: `${index === 0 ? '[' : ',\r\n'}${frame.text.slice(6).trim()}`,
  }));
  return sendFrames(exchange, 'application/json', [...frames, { text: ']' }], () => JSON.stringify([error()]));
}

function* chunkFrames(exchange: Exchange, reply: Reply): Generator<Frame> {
  const { scenario } = exchange;
  const frame = (parts: JsonObject[], token = true): Frame => ({
    text: eventFrame(chunk(exchange, reply, parts, false)),
    ...(token && { token }),
  });
  for (const thought of reply.thoughts) yield frame([{ text: thought, thought: true }]);
  do for (const token of reply.tokens) yield frame([{ text: token }]);
  while (scenario.endless && reply.tokens.length > 0);
  if (reply.toolCalls.length > 0) yield frame(callParts(reply));
  // The last chunk may have no parts at all.
  const last = eventFrame(chunk(exchange, reply, signed(exchange.model) ? [{ text: '', thoughtSignature: 'sig-end' }] : undefined, true));
  yield { text: scenario.dropLastBlankLine ? last.slice(0, -2) : last };
}

/** Calls come whole, and of several only the first is signed. */
function callParts(reply: Reply): JsonObject[] {
  return reply.toolCalls.map((call, index) => ({
    functionCall: { id: call.id, name: call.name, args: JSON.parse(call.arguments) as JsonObject },
    ...(index === 0 && { thoughtSignature: 'sig-call' }),
  }));
}

function wholeParts(reply: Reply): JsonObject[] {
  return [
    ...reply.thoughts.map((text) => ({ text, thought: true })),
    ...(reply.tokens.length > 0 ? [{ text: reply.tokens.join('') }] : []),
    ...callParts(reply),
  ];
}

function signed(model: string): boolean {
  return model.includes('gemini-3');
}

function chunk(exchange: Exchange, reply: Reply, parts: JsonObject[] | undefined, isLast: boolean): JsonObject {
  const reasons: Record<Finish, string> = { stop: 'STOP', length: 'MAX_TOKENS', tool_calls: 'STOP', content_filter: 'SAFETY' };
  const finish = reply.isRefusal ? 'SAFETY' : reasons[reply.finish];
  const text = parts?.length === 1 && typeof parts[0]?.text === 'string' ? parts[0].text : undefined;
  const logprobs = reply.logprobs !== undefined && text !== undefined && text !== '' && logprobsOf(text, reply.logprobs);
  return {
    candidates: [
      {
        content: { role: 'model', ...(parts && { parts }) },
        index: 0,
        ...(isLast && { finishReason: finish }),
        ...(logprobs && { logprobsResult: logprobs }),
      },
    ],
    usageMetadata: {
      promptTokenCount: reply.promptTokens,
      ...(isLast && { candidatesTokenCount: reply.outputTokens - reply.thoughtTokens, thoughtsTokenCount: reply.thoughtTokens }),
    },
    modelVersion: exchange.model,
    responseId: 'resp-1',
  };
}

function logprobsOf(token: string, top: number): JsonObject {
  return {
    chosenCandidates: [{ token, logProbability: -0.125 }],
    topCandidates: [
      {
        candidates: Array.from({ length: top }, (_, rank) => ({
          token: rank === 0 ? token : `${token}~${rank}`,
          logProbability: -0.125 - rank,
        })),
      },
    ],
  };
}

/** Gemini's status and words for each failure. */
function geminiFailure(failure: Failure, exchange: Exchange): CannedReply {
  const table: Record<Failure, [number, string, string, JsonObject?]> = {
    unauthorized: [
      400,
      'INVALID_ARGUMENT',
      'API key not valid. Please pass a valid API key.',
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
    ],
    forbidden: [403, 'PERMISSION_DENIED', "Method doesn't allow unregistered callers (callers without established identity)."],
    'out-of-credit': [
      429,
      'RESOURCE_EXHAUSTED',
      'Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.',
    ],
    'model-not-found': [
      404,
      'NOT_FOUND',
      `models/${exchange.model} is not found for API version v1beta, or is not supported for generateContent.`,
    ],
    'rate-limited': [
      429,
      'RESOURCE_EXHAUSTED',
      'You exceeded your current quota.',
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' },
    ],
    'context-length': [400, 'INVALID_ARGUMENT', 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'],
    'content-filter': [400, 'INVALID_ARGUMENT', 'The prompt was blocked by the content filter: content_filter'],
    'bad-request': [400, 'INVALID_ARGUMENT', 'Invalid JSON payload received. Unknown name "foo": Cannot find field.'],
    overloaded: [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'],
    loading: [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'],
    server: [500, 'INTERNAL', 'An internal error has occurred.'],
  };
  const [code, status, message, detail] = table[failure];
  return { status: code, body: { error: { code, message, status, ...(detail && { details: [detail] }) } } };
}
