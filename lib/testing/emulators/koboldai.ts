import type { JsonObject } from '../../protocol/json.ts';
import type { Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { sleep } from '../kit/wait.ts';
import { withState } from '../kit/with-state.ts';
import { type Ask, readStop } from '../openai-shape/ask.ts';
import { sendWhole } from '../openai-shape/frames.ts';
import { planReply } from '../openai-shape/plan-reply.ts';
import { countTokens, throughStop } from '../tokens.ts';
import { koboldAiComplaints } from './koboldai-rules.ts';

export interface KoboldAiOptions extends EmulatorOptions {
  /** `client`: the stable one, strict and without stop texts. */
  mode?: 'client' | 'united';
  /** API version; 1.2.6, or 1.2.1 for Client, unless told. */
  version?: string;
  /** `null`: none is loaded. */
  model?: string | null;
  contextWindow?: number;
  /** Somebody else is waiting for an answer. */
  isBusy?: boolean;
}

export interface KoboldAi extends Emulator {
  /** At work on an answer, whether anybody still wants it or not. */
  readonly generating: boolean;
}

export const koboldAiModel = 'KoboldAI/OPT-2.7B-Erebus';

/** Starts an emulator of KoboldAI; its base address is `url`, below which everything is under /api. */
export async function startKoboldAi(options: KoboldAiOptions = {}): Promise<KoboldAi> {
  const isClient = options.mode === 'client';
  const version = options.version ?? (isClient ? '1.2.1' : '1.2.6');
  const model = options.model === undefined ? koboldAiModel : options.model;
  let working = 0;

  const generate: Handler = async (exchange) => {
    if (!(exchange.request.headers['content-type'] ?? '').startsWith('application/json')) {
      return exchange.json(415, { detail: { msg: 'Unsupported media type', type: 'generic.error_415' } });
    }
    const complaints = koboldAiComplaints(exchange.body, { isClient, version });
    if (complaints) return exchange.json(422, complaints);
    if (model === null) return exchange.json(501, { detail: { msg: 'No model is loaded.', type: 'not_implemented' } });
    if (working > 0 || options.isBusy) return exchange.fail('overloaded');
    working += 1;
    try {
      await answer(exchange, isClient);
    } finally {
      working -= 1;
    }
  };
  const config: Record<string, Handler> = {};
  for (const prefix of ['/api/v1', '/api/latest']) {
    Object.assign(config, {
      [`GET ${prefix}/info/version`]: value({ result: version }),
      [`GET ${prefix}/model`]: value({ result: model ?? 'ReadOnly' }),
      [`GET ${prefix}/config/max_context_length`]: value({ value: options.contextWindow ?? (isClient ? 1024 : 2048) }),
      [`GET ${prefix}/config/max_length`]: value({ value: isClient ? 80 : 200 }),
      [`GET ${prefix}/config/soft_prompt`]: value({ value: '' }),
      [`GET ${prefix}/config/soft_prompts_list`]: value({ values: [] }),
    });
  }
  const emulator = await startEmulator(
    {
      headers: { server: isClient ? 'Werkzeug/2.3.7 Python/3.8.16' : 'Werkzeug' },
      routes: {
        'GET /': (exchange) => exchange.text(200, '<!doctype html><title>KoboldAI</title>', { 'content-type': 'text/html' }),
        ...config,
      },
      answers: { 'POST /api/v1/generate': generate, 'POST /api/latest/generate': generate },
      unknown: (exchange) =>
        exchange.json(404, { detail: { msg: '404 Not Found: The requested URL was not found on the server.', type: 'generic.error_404' } }),
      failure: koboldAiFailure,
    },
    options,
  );
  return withState(emulator, {
    get generating() {
      return working > 0;
    },
  });
}

function value(body: JsonObject): Handler {
  return (exchange) => exchange.json(200, body);
}

/**
 * The whole answer after the time its tokens take, also where the client has gone meanwhile: nobody looks. It begins
 * with the space of its first word; the stop text is in it, because the model sees it only once it is there.
 */
async function answer(exchange: Exchange, isClient: boolean): Promise<void> {
  const { body, scenario } = exchange;
  const stop = isClient ? [] : readStop(body.stop_sequence);
  const ask: Ask = {
    promptTokens: countTokens(String(body.prompt)),
    tools: [],
    toolChoice: 'none',
    afterToolResult: false,
    stop: [],
    ...(typeof body.max_length === 'number' && { maxTokens: body.max_length }),
  };
  const tokens = throughStop(planReply(ask, scenario).tokens, stop);
  if (scenario.tokenDelayMs) await sleep(scenario.tokenDelayMs * tokens.length);
  if (exchange.gone.aborted) return;
  const { tokenDelayMs: _, ...rest } = scenario;
  await sendWhole({ ...exchange, scenario: rest }, { results: [{ text: ` ${tokens.join('')}` }] }, tokens.length);
}

/** KoboldAI's status and words for each failure; a proxy in front of it speaks where it has none of its own. */
function koboldAiFailure(failure: Failure): CannedReply {
  const table: Record<Failure, [number, string, string]> = {
    unauthorized: [401, 'Unauthorized', 'generic.error_401'],
    forbidden: [403, 'Forbidden', 'generic.error_403'],
    'out-of-credit': [402, 'Payment required', 'payment_required'],
    'model-not-found': [501, 'No model is loaded.', 'not_implemented'],
    'rate-limited': [429, 'Too many requests', 'generic.error_429'],
    'context-length': [500, 'Your prompt and max_length do not fit.', 'token_overflow'],
    'content-filter': [400, 'Refused', 'content_filter'],
    'bad-request': [422, '', ''],
    overloaded: [503, 'Server is busy; please try again later.', 'service_unavailable'],
    loading: [503, 'Server is busy; please try again later.', 'service_unavailable'],
    server: [507, 'KoboldAI ran out of memory: CUDA', 'out_of_memory.gpu.cuda'],
  };
  const [status, msg, type] = table[failure];
  return { status, body: { detail: status === 422 ? { max_length: ['Must be greater than or equal to 1.'] } : { msg, type } } };
}
