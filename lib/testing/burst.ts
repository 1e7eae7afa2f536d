import type { ServerResponse } from 'node:http';
import type { Exchange } from './kit/exchange.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from './kit/start-emulator.ts';
import { fired, now, sleep } from './kit/wait.ts';
import { answerChat } from './openai-shape/answer-chat.ts';
import type { Dialect } from './openai-shape/dialect.ts';
import { eventFrame } from './openai-shape/frames.ts';

/**
 * Starts the benchmark's server, OpenAI-shaped under `url + '/v1'`, open to pages and to the extension alike. Model
 * `burst?count=10000` streams that many tokens as fast as they are taken; `pace?count=500&tokenDelayMs=5` one at a
 * time, each saying when it left (`stampsOf`). The same fields of `emulator.scenario` count where the model gives none.
 */
export function startBurst(options: EmulatorOptions = {}): Promise<Emulator> {
  return startEmulator(
    {
      cors: () => ({ 'access-control-allow-origin': '*' }),
      routes: {
        /** Pages ask once and remember, so that no preflight is measured. */
        'OPTIONS *': (exchange) => exchange.text(200, '', preflight),
        'GET /v1/models': (exchange) => exchange.json(200, { object: 'list', data: ['burst', 'pace'].map(modelCard) }),
        'GET /': (exchange) => exchange.text(200, 'ready'),
      },
      answers: {
        'POST /v1/chat/completions': (exchange) => {
          if (exchange.body.stream !== true) return answerChat(exchange, dialect);
          return exchange.model.startsWith('pace') ? streamPaced(exchange) : streamBurst(exchange);
        },
      },
      unknown: (exchange) => exchange.json(404, { error: { message: 'Not found' } }),
      failure: () => ({ status: 500, body: { error: { message: 'The burst server failed' } } }),
    },
    options,
  );
}

/** The whole text of a burst, to find what got lost. */
export function burstText(count: number): string {
  return Array.from({ length: count }, (_, index) => burstToken(index)).join('');
}

/** When each token of a paced answer left the server, ms since 1970, read from (a piece of) its text. */
export function stampsOf(text: string): number[] {
  return (text.match(/\d+\.\d{3}(?= )/g) ?? []).map(Number);
}

async function streamBurst(exchange: Exchange): Promise<void> {
  const { response, gone } = exchange;
  const count = exchange.scenario.count ?? 10_000;
  const left = fired(gone);
  openStream(exchange);
  for (let index = 0; index < count && !gone.aborted; index += 1) {
    // Full buffers are the only brake: writes of one turn leave together, as from any fast server.
    if (!response.write(chunk(exchange.model, burstToken(index)))) await Promise.race([drained(response), left]);
  }
  closeStream(exchange, count);
}

async function streamPaced(exchange: Exchange): Promise<void> {
  const { response, gone, scenario } = exchange;
  const count = scenario.count ?? 500;
  const delay = scenario.tokenDelayMs ?? 5;
  const started = now();
  openStream(exchange);
  for (let index = 0; index < count && !gone.aborted; index += 1) {
    // By the clock and not from the last token, so that lateness does not add up.
    const early = started + index * delay - now();
    if (early > 0) await sleep(early, gone);
    response.write(chunk(exchange.model, `${now().toFixed(3)} `));
  }
  closeStream(exchange, count);
}

function openStream(exchange: Exchange): void {
  exchange.response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  exchange.response.flushHeaders();
}

function closeStream(exchange: Exchange, count: number): void {
  if (exchange.gone.aborted) return;
  const usage = { prompt_tokens: 1, completion_tokens: count, total_tokens: count + 1 };
  exchange.response.end(
    `${chunk(exchange.model, '', 'stop')}${eventFrame({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_767_225_600, model: exchange.model, choices: [], usage })}data: [DONE]\n\n`,
  );
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('drain', resolve));
}

function chunk(model: string, content: string, finish: string | null = null): string {
  return `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1767225600,"model":"${model}","choices":[{"index":0,"delta":${finish ? '{}' : `{"content":"${content}"}`},"finish_reason":${finish ? `"${finish}"` : null}}]}\n\n`;
}

function burstToken(index: number): string {
  return `w${index} `;
}

function modelCard(id: string): { id: string; object: string; created: number; owned_by: string } {
  return { id, object: 'model', created: 1_767_225_600, owned_by: 'bench' };
}

const preflight = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '7200',
  'access-control-allow-private-network': 'true',
};

const dialect: Dialect = {
  idPrefix: 'chatcmpl-',
  opening: 'with-text',
  closing: {},
  reasoning: 'reasoning_content',
  toolCalls: 'whole',
  usage: 'always',
  errorEvent: () => eventFrame({ error: { message: 'The burst server failed' } }),
};
