import type { JsonObject } from '../protocol/json.ts';
import { echoReply, measure, measureText } from './echo-reply.ts';
import { asObject, type Exchange } from './kit/exchange.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from './kit/start-emulator.ts';
import { answerChat } from './openai-shape/answer-chat.ts';
import { answerEmbeddings } from './openai-shape/answer-embeddings.ts';
import { answerText } from './openai-shape/answer-text.ts';
import { listOf, readChatAsk, readTextAsk } from './openai-shape/ask.ts';
import type { Dialect } from './openai-shape/dialect.ts';
import { eventFrame } from './openai-shape/frames.ts';
import { tokenise } from './tokens.ts';

export interface EchoOptions extends EmulatorOptions {
  /** In the echo's tokens: bytes of text, 100 for any other part. */
  contextWindow?: number;
}

/**
 * Starts an honest echo, OpenAI-shaped under `url + '/v1'`, the same answer for the same question: what was said since
 * the last answer, behind a fixed sentence the first time. Counting is exact and the window small, over the routes of
 * vLLM and of llama.cpp. See `echoReply` for tools and schemas.
 */
export function startEcho(options: EchoOptions = {}): Promise<Emulator> {
  const contextWindow = options.contextWindow ?? 1000;
  return startEmulator(
    {
      cors: () => ({ 'access-control-allow-origin': '*' }),
      routes: {
        'OPTIONS *': (exchange) => exchange.text(200, '', { 'access-control-allow-headers': '*', 'access-control-allow-methods': '*' }),
        'GET /v1/models': (exchange) => exchange.json(200, { object: 'list', data: [modelCard(contextWindow)] }),
        'GET /props': (exchange) => exchange.json(200, { default_generation_settings: { n_ctx: contextWindow } }),
        /** A prompt that is as long in tokens as the messages are. */
        'POST /apply-template': (exchange) => exchange.json(200, { prompt: 'x'.repeat(measure(listOf(exchange.body.messages))) }),
        'POST /tokenize': (exchange) => {
          const { messages, prompt, content } = exchange.body;
          const count = messages === undefined ? measureText(String(prompt ?? content ?? '')) : measure(listOf(messages));
          const tokens = Array.from({ length: count }, (_, index) => index);
          exchange.json(200, { count, max_model_len: contextWindow, tokens });
        },
      },
      answers: {
        'POST /v1/chat/completions': (exchange) => answerEchoed(exchange, contextWindow),
        'POST /v1/completions': (exchange) => {
          const prompt = String(exchange.body.prompt ?? '');
          const ask = { ...readTextAsk(exchange.body), promptTokens: measureText(prompt) };
          return answerText({ ...exchange, scenario: { tokens: tokenise(prompt), ...exchange.scenario } }, dialect, ask);
        },
        'POST /v1/embeddings': answerEmbeddings,
      },
      unknown: (exchange) => exchange.json(404, { error: errorOf('There is nothing at this path.', 'not_found') }),
      failure: (failure) => ({
        status: failure === 'context-length' ? 400 : 500,
        body: { error: errorOf('The echo was told to fail.', failure) },
      }),
    },
    options,
  );
}

async function answerEchoed(exchange: Exchange, contextWindow: number): Promise<void> {
  const { body, scenario } = exchange;
  const promptTokens = measure(listOf(body.messages));
  if (promptTokens > contextWindow) {
    const message = `This model's maximum context length is ${contextWindow} tokens. However, your messages resulted in ${promptTokens} tokens.`;
    return exchange.json(400, { error: errorOf(message, 'context_length_exceeded') });
  }
  const ask = readChatAsk(body);
  const { text, toolCalls } = echoReply(listOf(body.messages), ask);
  const { maxTokens = Number.POSITIVE_INFINITY, ...unlimited } = ask;
  const kept = cut(text, maxTokens);
  const played = { tokens: tokenise(kept), toolCalls, ...(kept !== text && { finish: 'length' as const }), ...scenario };
  await answerChat({ ...exchange, scenario: played }, dialect, { ...unlimited, promptTokens });
}

/** The longest beginning of the text that has at most that many bytes. */
function cut(text: string, bytes: number): string {
  if (measureText(text) <= bytes) return text;
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += measureText(character);
    if (used > bytes) break;
    kept += character;
  }
  return kept;
}

function modelCard(contextWindow: number): JsonObject {
  return {
    id: 'echo',
    object: 'model',
    created: 1_767_225_600,
    owned_by: 'echo',
    max_model_len: contextWindow,
    context_length: contextWindow,
  };
}

function errorOf(message: string, code: string): JsonObject {
  return { message, type: 'invalid_request_error', param: null, code };
}

const dialect: Dialect = {
  idPrefix: 'echo-',
  opening: { role: 'assistant', content: '' },
  closing: {},
  reasoning: 'reasoning',
  toolCalls: 'whole',
  usage: 'asked',
  usageFields(reply) {
    const completion = measureText(reply.tokens.join('')) + 100 * reply.toolCalls.length;
    return { completion_tokens: completion, total_tokens: reply.promptTokens + completion };
  },
  errorEvent: (failure, exchange) => eventFrame(asObject(exchange.failure(failure).body)),
};
