import type { JsonObject } from '../../protocol/json.ts';
import { hasBearer } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import { createLine, type Line, type Run } from '../kit/one-at-a-time.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { sleep } from '../kit/wait.ts';
import { withState } from '../kit/with-state.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { listOf, readChatAsk, readTextAsk } from '../openai-shape/ask.ts';
import { planReply, type Reply } from '../openai-shape/plan-reply.ts';
import { ollamaTags, propsCard, serviceCard, since, versionCard } from './koboldcpp-about.ts';
import { countRoute, koboldCppFailure, modelCard, perfCard, reply } from './koboldcpp-replies.ts';
import { answerGenerate, answerStream, koboldDialect, planKoboldReply } from './koboldcpp-stream.ts';

/** `apiKey` is its password. */
export interface KoboldCppOptions extends EmulatorOptions {
  /** 1.111 unless told. */
  version?: string;
  /** `null`: none is loaded. */
  model?: string | null;
  contextWindow?: number;
  vision?: boolean;
  /** `--multiuser`: 1 lets six wait, more lets one less than that, 0 nobody. */
  multiuser?: number;
  /** How long it keeps its place after an answer. */
  releaseMs?: number;
  /** Started with `--admin`: what it can change to. */
  files?: string[];
  adminPassword?: string;
  /** For how long it is away when it changes its model. */
  restartMs?: number;
  router?: boolean;
  /** For how long the model is first asked whether a tool is needed, in a run without a name. */
  decidesMs?: number;
  /** Started with `--jinja --jinjatools`: whatever the model says where tools are on offer, it ends as a call of one. */
  jinjaTools?: boolean;
}

export interface KoboldCpp extends Emulator {
  /** The genkey of the answer being made right now, empty where it has none; undefined when it rests. */
  readonly generating: string | undefined;
}

export const koboldCppModel = 'koboldcpp/tiny-instruct-Q4';

/** Starts an emulator of KoboldCpp; its base address is `url`. */
export async function startKoboldCpp(options: KoboldCppOptions = {}): Promise<KoboldCpp> {
  const { version = '1.111', contextWindow = 8192, multiuser = 1, restartMs = 300 } = options;
  const withoutModel = since(version, '1.107') ? 'error' : 'length';
  const finish = () => (model === null ? withoutModel : undefined);
  let model: string | null = options.model === undefined ? koboldCppModel : options.model;
  const line = createLine(multiuser === 1 ? 6 : Math.max(multiuser - 1, 0), options.releaseMs);
  const forgotten = new Set<string>();
  const perf = {
    last_process: 0.7,
    last_eval: 0.06,
    last_token_count: 0,
    last_input_count: 0,
    last_seed: 1,
    total_gens: 0,
    stop_reason: -1,
  };
  let startedAt = Date.now();
  let awayUntil = 0;
  let partial: { reply: Reply; exchange: Exchange } | undefined;

  /** An answer: one at a time, with its key checked once it is its turn, and counted. */
  const making =
    (plan: (exchange: Exchange) => Reply, answer: (exchange: Exchange, reply: Reply) => Promise<void>): Handler =>
    async (exchange) => {
      if (line.isFull) return exchange.fail('overloaded');
      const genkey = String(exchange.body.genkey ?? '');
      await line.work(genkey, async (run) => {
        if (refusesKey(exchange)) return;
        const tools = listOf(exchange.body.tools);
        // An exception in the handler: the connection closes without an answer.
        if (since(version, '1.88') && !tools.every(isWhole)) return exchange.break('reset');
        if (tools.length > 0 && options.decidesMs) {
          run.key = '';
          await sleep(options.decidesMs);
          run.key = genkey;
        }
        const isForgotten = genkey !== '' && forgotten.delete(genkey);
        const reply =
          model === null || isForgotten ? { ...plan(exchange), tokens: [], toolCalls: [], thoughts: [], outputTokens: 0 } : plan(exchange);
        partial = { reply, exchange };
        await answer({ ...exchange, gone: whenHeard(exchange, run, reply) }, reply);
        if (!exchange.response.writableEnded) exchange.response.end();
        const sent = run.stopped.aborted ? exchange.request.tokensSent : reply.outputTokens;
        const reason =
          model === null ? -2 : run.stopped.aborted ? -1 : reply.finish === 'length' ? 0 : reply.stoppedBy === undefined ? 1 : 2;
        Object.assign(perf, {
          last_token_count: sent,
          last_input_count: reply.promptTokens,
          stop_reason: reason,
          total_gens: perf.total_gens + 1,
        });
      });
    };

  const chat = making(
    (exchange) => planReply(readChatAsk(exchange.body), exchange.scenario),
    (exchange, plan) =>
      answerChat(
        named(exchange, plan),
        koboldDialect(version, options.jinjaTools && listOf(exchange.body.tools).length > 0 ? 'tool_calls' : finish()),
      ),
  );
  const text = making(
    (exchange) => planReply(readTextAsk(exchange.body), exchange.scenario),
    (exchange, plan) => answerText(named(exchange, plan), koboldDialect(version, finish())),
  );
  const generate = making(
    (exchange) => planKoboldReply(exchange, version),
    (exchange, plan) => answerGenerate(exchange, plan, version, finish()),
  );
  const stream = making(
    (exchange) => planKoboldReply(exchange, version),
    (exchange, plan) => answerStream(exchange, plan, version, finish()),
  );
  const asked =
    (run: Handler): Handler =>
    (exchange) =>
      refusesKey(exchange) ? undefined : run(exchange);
  const value =
    (body: JsonObject): Handler =>
    (exchange) =>
      reply(exchange, body);

  /** Without a model it answers with nothing, which newer versions call an error. */
  function named(exchange: Exchange, { tokens, toolCalls }: Reply): Exchange {
    const isEmpty = tokens.length === 0 && toolCalls.length === 0;
    const { toolCalls: _, ...scenario } = exchange.scenario;
    return { ...exchange, model: model ?? 'koboldcpp/inactive', scenario: isEmpty ? { ...scenario, tokens: [] } : exchange.scenario };
  }

  function refusesKey(exchange: Exchange): boolean {
    if (hasBearer(exchange, options.apiKey)) return false;
    exchange.fail('unauthorized');
    return true;
  }

  const answers: Record<string, Handler> = {
    'POST /api/v1/generate': generate,
    'POST /api/latest/generate': generate,
    'POST /api/extra/generate/stream': stream,
    'POST /v1/completions': text,
    'POST /v1/completion': text,
    'POST /v1/chat/completions': chat,
    'POST /v1/embeddings': asked(answerEmbeddings),
  };
  const modelName: Handler = (exchange) =>
    reply(exchange, { result: hasBearer(exchange, options.apiKey) ? (model ?? 'inactive') : 'koboldcpp/protected-model' });
  const routes: Record<string, Handler> = {
    'OPTIONS *': (exchange) => exchange.text(200, '', { 'content-type': 'text/html' }),
    'GET /': (exchange) => exchange.text(200, '<!doctype html><title>KoboldAI Lite</title>', { 'content-type': 'text/html' }),
    'GET /ping': value({ status: 'healthy' }),
    'GET /api/v1/model': modelName,
    'GET /api/latest/model': modelName,
    'GET /api/v1/info/version': value({ result: '1.2.5' }),
    'GET /api/extra/version': value(versionCard(version, options)),
    'GET /api/v1/config/max_context_length': value({ value: Math.min(contextWindow, 4096) }),
    'GET /api/v1/config/max_length': value({ value: 400 }),
    'GET /api/v1/config/soft_prompt': value({ value: '' }),
    'GET /api/v1/config/soft_prompts_list': value({ values: [] }),
    'GET /api/extra/true_max_context_length': value({ value: contextWindow }),
    'GET /api/extra/perf': (exchange) => reply(exchange, perfCard(perf, line, (Date.now() - startedAt) / 1000, version)),
    'GET /v1/models': (exchange) => reply(exchange, { object: 'list', data: [modelCard(model ?? 'koboldcpp/inactive')] }),
    'GET /api/tags': (exchange) => reply(exchange, ollamaTags(model ?? 'inactive')),
    'GET /api/ps': value({ models: [] }),
    'GET /api/version': value({ version: '0.7.0' }),
    ...(since(version, '1.79') && { 'GET /props': value(propsCard(model ?? '', contextWindow)) }),
    ...(since(version, '1.78') && { 'GET /.well-known/serviceinfo': value(serviceCard(version)) }),
    'POST /api/extra/tokencount': asked(countRoute),
    'POST /api/extra/abort': asked((exchange) => abort(exchange, line, forgotten)),
    'POST /api/extra/generate/check': asked((exchange) => {
      const isTheirs = line.running !== undefined && line.running.key === String(exchange.body.genkey ?? '');
      const sent = partial?.reply.tokens.slice(0, partial.exchange.request.tokensSent).join('') ?? '';
      reply(exchange, { results: [{ text: isTheirs ? sent : '' }] });
    }),
    'GET /api/admin/list_options': (exchange) =>
      reply(exchange, isAdmin(exchange) ? [...(options.files ?? []), 'initial_model', 'unload_model'] : []),
    'POST /api/admin/reload_config': (exchange) => {
      const name = String(exchange.body.filename ?? '');
      const isKnown = [...(options.files ?? []), 'initial_model', 'unload_model'].includes(name);
      if (!isAdmin(exchange) || !isKnown) return reply(exchange, { success: false });
      reply(exchange, { success: true });
      setTimeout(() => {
        line.running?.stop();
        awayUntil = Date.now() + restartMs;
        startedAt = awayUntil;
        model = name === 'unload_model' ? null : name === 'initial_model' ? koboldCppModel : `koboldcpp/${name.replace(/\.\w+$/, '')}`;
      }, 20);
    },
  };

  function isAdmin({ request }: Exchange): boolean {
    if (!options.files) return false;
    return options.adminPassword === undefined || request.headers.authorization === `Bearer ${options.adminPassword}`;
  }

  const emulator = await startEmulator(
    {
      isHttp10: true,
      headers: { server: since(version, '1.77') ? 'KoboldCppServer 1' : 'ConcedoLlamaForKoboldServer' },
      cors: () => ({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': '*',
        'access-control-allow-headers': '*, Accept, Content-Type, Content-Length, Authorization, apikey, genkey',
        'cache-control': 'no-store',
      }),
      gate(exchange) {
        if (Date.now() >= awayUntil) return false;
        exchange.break('reset');
        return true;
      },
      routes,
      answers,
      /** Anything may stand in front of a path it knows. */
      unknown(exchange) {
        const { method, path } = exchange.request;
        const known = Object.entries({ ...routes, ...answers }).find(([route]) => {
          const [verb, end = ''] = route.split(' ');
          return verb === method && end.length > 1 && !end.endsWith('*') && path.endsWith(end);
        });
        if (known) return known[1](exchange);
        exchange.text(404, 'Error: KoboldCpp API is running, but the requested path does not exist.', { 'content-type': 'text/html' });
      },
      failure: koboldCppFailure,
    },
    options,
  );
  return withState(emulator, {
    get generating() {
      return line.running?.key;
    },
  });
}

/**
 * Closing the connection ends an answer no sooner than its next word is written, and not at all where nothing is
 * written before the end. Being told to stop ends it at once.
 */
function whenHeard(exchange: Exchange, run: Run, { tokens }: Reply): AbortSignal {
  const { scenario, gone, request } = exchange;
  // An answer with tools is made first, and its stream played afterwards.
  const streams = (exchange.body.stream === true && exchange.body.tools === undefined) || request.path.endsWith('/stream');
  const nextWriteMs = scenario.failMode === 'silence' || !streams ? undefined : tokens.length === 0 ? 0 : (scenario.tokenDelayMs ?? 0);
  const notice = () => {
    if (nextWriteMs !== undefined) setTimeout(() => run.stop(), nextWriteMs);
  };
  if (gone.aborted) notice();
  else gone.addEventListener('abort', notice);
  return run.stopped;
}

/** What the prompt takes of a tool is not looked for but taken. */
function isWhole(tool: JsonObject): boolean {
  const { description, parameters } = asObject(tool.function);
  const properties = Object.values(asObject(asObject(parameters).properties));
  const hasProperties = asObject(parameters).properties !== undefined;
  return typeof description === 'string' && hasProperties && properties.every((each) => asObject(each).type !== undefined);
}

/** Answers are texts, not booleans. A request that still waits is remembered, and makes nothing when its turn comes. */
function abort(exchange: Exchange, line: Line, forgotten: Set<string>): void {
  const genkey = String(exchange.body.genkey ?? '');
  const isTheirs = line.running !== undefined && (genkey === '' ? line.waiting === 0 : line.running.key === genkey);
  if (isTheirs) line.running?.stop();
  else if (genkey !== '' && line.waiting > 0) forgotten.add(genkey);
  const success = isTheirs || (genkey !== '' && line.waiting > 0);
  reply(exchange, { success: String(success), done: String(isTheirs) });
}
