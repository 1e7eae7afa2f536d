import type { JsonObject } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../kit/start-emulator.ts';
import { planReply } from '../openai-shape/plan-reply.ts';
import { countTokens } from '../tokens.ts';
import { hordeComplaint } from './horde-rules.ts';

/** A worker as the list tells of it. */
export interface EmulatedWorker {
  id: string;
  models: string[];
  max_length: number;
  max_context_length: number;
  online?: boolean;
  maintenance_mode?: boolean;
  trusted?: boolean;
}

export interface HordeOptions extends EmulatorOptions {
  workers?: EmulatedWorker[];
  /** Looks before the job reaches the front of the queue, and looks while it is at work. */
  queue?: number;
  working?: number;
  /** How jobs end. `idle`: never. `expired`: the service forgets them. */
  outcome?: 'done' | 'faulted' | 'impossible' | 'censored' | 'expired' | 'idle';
  /** A worker hands its text in just as the job is cancelled. */
  finishedWhenCancelled?: boolean;
  /** More tokens than this need kudos in advance. */
  freeTokens?: number;
  /** Jobs one user may have waiting. */
  concurrency?: number;
  /** Looks at one job a minute. */
  looksAMinute?: number;
}

export const hordeWorkers: EmulatedWorker[] = [
  { id: 'w1', models: ['koboldcpp/L3-8B-Stheno-v3.2'], max_length: 512, max_context_length: 8192 },
  { id: 'w2', models: ['koboldcpp/L3-8B-Stheno-v3.2', 'aphrodite/Mistral-Small-22B'], max_length: 200, max_context_length: 4096 },
  { id: 'w3', models: ['koboldcpp/L3-8B-Stheno-v3.2'], max_length: 32, max_context_length: 1024, maintenance_mode: true },
];

interface Job {
  text: string;
  model: string;
  looks: number;
  isCancelled: boolean;
}

/** Starts an emulator of the AI Horde; its base address is `url`, below which everything is under /api/v2. */
export function startHorde(options: HordeOptions = {}): Promise<Emulator> {
  const workers = options.workers ?? hordeWorkers;
  const jobs = new Map<string, Job>();
  const status = '/api/v2/generate/text/status/';

  return startEmulator(
    {
      headers: { 'horde-node': 'emulator:1' },
      cors: () => ({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'POST, GET, OPTIONS, PUT, DELETE, PATCH',
        'access-control-allow-headers':
          'Accept, Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, apikey, Client-Agent, X-Fields',
      }),
      routes: {
        'OPTIONS *': (exchange) => exchange.text(200, ''),
        'GET /api/v2/status/heartbeat': (exchange) => exchange.json(200, { message: 'OK', version: '5.1.5' }),
        'GET /api/v2/status/models': (exchange) => exchange.json(200, isText(exchange) ? textModels(workers) : imageModels),
        'GET /api/v2/workers': (exchange) => exchange.json(200, isText(exchange) ? workers.map(workerCard) : []),
        'GET /api/v2/find_user': (exchange) => findUser(exchange, options),
        [`GET ${status}*`]: (exchange) => look(exchange, options),
        [`DELETE ${status}*`]: cancel,
      },
      answers: { 'POST /api/v2/generate/text/async': submit },
      unknown: (exchange) => exchange.json(404, { message: 'The requested URL was not found on the server.' }),
      failure: hordeFailure,
    },
    options,
  );

  function submit(exchange: Exchange): void {
    const refusal = refuse(exchange);
    if (refusal) {
      refusal();
      return;
    }
    const params = asObject(exchange.body.params);
    const models = modelsOf(exchange);
    const mayTake = workers.filter(({ trusted }) => trusted !== false || exchange.body.trusted_workers !== true);
    const fits = mayTake.some((worker) => fitsWorker(worker, models, params));
    const id = `job-${jobs.size + 1}`;
    jobs.set(id, { text: textOf(exchange, params), model: models[0] ?? textModels(workers)[0]?.name ?? '', looks: 0, isCancelled: false });
    exchange.json(202, { id, kudos: 12, ...(!fits && nobodyFits) });
  }

  /** What answers a request that is not taken. */
  function refuse(exchange: Exchange): (() => void) | undefined {
    if (!knowsKey(exchange, options)) return () => exchange.fail('unauthorized');
    const complaint = hordeComplaint(exchange.body);
    if (complaint) return () => exchange.json(400, complaint);
    const waiting = [...jobs.values()].filter((job) => !job.isCancelled && !isDone(job, options)).length;
    if (waiting >= (options.concurrency ?? 30))
      return () => exchange.json(429, { message: 'Parallel requests limit exceeded.', rc: 'TooManyPrompts' });
    const isLong = Number(asObject(exchange.body.params).max_length) > (options.freeTokens ?? 512);
    return isLong && exchange.body.allow_downgrade !== true ? () => exchange.fail('out-of-credit') : undefined;
  }

  function look(exchange: Exchange, { looksAMinute = 60, outcome = 'done' }: HordeOptions): void {
    const job = jobs.get(exchange.request.path.slice(status.length));
    if (job) job.looks += 1;
    if (!job || (outcome === 'expired' && job.looks > 1)) notFound(exchange);
    else if (job.looks > looksAMinute)
      exchange.json(429, { message: `${looksAMinute} per 1 minute` }, { 'retry-after': '30', 'x-ratelimit-remaining': '0' });
    else exchange.json(200, statusOf(job, options));
  }

  function cancel(exchange: Exchange): void {
    const job = jobs.get(exchange.request.path.slice(status.length));
    if (!job) {
      notFound(exchange);
      return;
    }
    if (options.finishedWhenCancelled) job.looks = Number.POSITIVE_INFINITY;
    exchange.json(200, statusOf(job, options.finishedWhenCancelled ? { ...options, outcome: 'done' } : options));
    job.isCancelled = true;
  }

  function notFound(exchange: Exchange): void {
    const id = exchange.request.path.slice(status.length);
    exchange.json(404, { message: `Text Waiting Prompt (Status) with ID '${id}' not found.`, rc: 'RequestNotFound' });
  }
}

/** The stop text stays in the answer, and what a worker had written when it saw it. */
function textOf(exchange: Exchange, params: JsonObject): string {
  const maxTokens = Number(params.max_length);
  const ask = {
    promptTokens: countTokens(String(exchange.body.prompt)),
    tools: [],
    toolChoice: 'none',
    afterToolResult: false,
    stop: [],
    maxTokens,
  } as const;
  const text = planReply({ ...ask, tools: [], stop: [] }, exchange.scenario).tokens.join('');
  const stops = Array.isArray(params.stop_sequence) ? params.stop_sequence.map(String) : [];
  const ends = stops.map((stop) => text.indexOf(stop) + stop.length).filter((end, index) => end >= (stops[index]?.length ?? 0));
  return ends.length > 0 ? text.slice(0, Math.min(...ends)) : text;
}

function isDone(job: Job, { queue = 2, working = 1 }: HordeOptions): boolean {
  return job.isCancelled || job.looks > queue + working;
}

function statusOf(job: Job, options: HordeOptions): JsonObject {
  const { queue = 2, outcome = 'done' } = options;
  const isOver = outcome !== 'idle' && outcome !== 'impossible' && isDone(job, options);
  const isFinished = isOver && outcome !== 'faulted';
  const position = outcome === 'impossible' ? queue : Math.max(queue - job.looks + 1, 0);
  const isWorking = !isOver && position === 0;
  return {
    finished: isFinished ? 1 : 0,
    processing: isWorking ? 1 : 0,
    restarted: 0,
    waiting: isOver || isWorking ? 0 : 1,
    // A job that failed is done as well.
    done: isOver,
    faulted: isOver && outcome === 'faulted',
    wait_time: isOver ? 0 : position * 7 + 3,
    queue_position: isOver ? 0 : position,
    kudos: 12,
    is_possible: outcome !== 'impossible',
    generations: isFinished
      ? [
          {
            text: outcome === 'censored' ? '' : job.text,
            seed: 0,
            gen_metadata: [],
            worker_id: 'w1',
            worker_name: 'Box',
            model: job.model,
            state: outcome === 'censored' ? 'censored' : 'ok',
          },
        ]
      : [],
  };
}

function modelsOf({ body }: Exchange): string[] {
  return Array.isArray(body.models) ? body.models.map(String) : [];
}

function fitsWorker(worker: EmulatedWorker, models: string[], params: JsonObject): boolean {
  return (
    worker.online !== false &&
    !worker.maintenance_mode &&
    (models.length === 0 || worker.models.some((model) => models.includes(model))) &&
    worker.max_length >= Number(params.max_length) &&
    worker.max_context_length >= Number(params.max_context_length)
  );
}

function isText(exchange: Exchange): boolean {
  return new URLSearchParams(exchange.request.query).get('type') === 'text';
}

const imageModels = [{ name: 'stable_diffusion', count: 9, performance: 1e6, queued: 0, jobs: 0, eta: 3, type: 'image' }];

function textModels(workers: EmulatedWorker[]): { name: string; count: number }[] {
  const names = [...new Set(workers.flatMap((worker) => worker.models))];
  return names.map((name, index) => ({
    name,
    count: workers.filter((worker) => worker.models.includes(name)).length,
    performance: 24.1 + index,
    queued: 300,
    jobs: 2,
    eta: index === 0 ? 13 : 10_000,
    type: 'text',
  }));
}

function workerCard(worker: EmulatedWorker): JsonObject {
  return {
    type: 'text',
    name: 'Box',
    online: true,
    requests_fulfilled: 10,
    performance: '7.4 tokens per second',
    threads: 1,
    maintenance_mode: false,
    nsfw: true,
    trusted: true,
    bridge_agent: 'KoboldCpp:1.111:url',
    ...worker,
  };
}

const anonymousKey = '0000000000';

/** Anybody may ask anonymously; any other key must be known. */
function knowsKey({ request }: Exchange, { apiKey }: HordeOptions): boolean {
  return request.headers.apikey === anonymousKey || (apiKey !== undefined && request.headers.apikey === apiKey);
}

function findUser(exchange: Exchange, options: HordeOptions): void {
  const isAnonymous = exchange.request.headers.apikey === anonymousKey;
  const [username, id, kudos] = isAnonymous ? ['Anonymous#0', 0, -50] : ['alice#12', 12, 1234.6];
  if (exchange.request.headers.apikey === undefined) exchange.fail('unauthorized');
  else if (knowsKey(exchange, options)) exchange.json(200, { username, id, kudos, concurrency: 30, trusted: false, worker_count: 0 });
  else exchange.json(404, { message: 'No user matching sent API Key.', rc: 'UserNotFound' });
}

const nobodyFits = {
  message:
    'Warning: No available workers can fulfill this request. It will expire in 20 minutes. Consider reducing the amount of tokens to generate.',
  warnings: [{ code: 'NoAvailableWorker', message: 'No available worker' }],
};

/** The Horde's status and words for each failure. */
function hordeFailure(failure: Failure): CannedReply {
  const table: Record<Failure, [number, string, string?]> = {
    unauthorized: [
      401,
      'No user matching sent API Key. Have you remembered to register at https://aihorde.net/register ?',
      'InvalidAPIKey',
    ],
    forbidden: [403, 'Access denied', 'Forbidden'],
    'out-of-credit': [
      403,
      'Due to heavy demand, for requests over 256 tokens, the client needs to already have the required kudos.',
      'KudosUpfront',
    ],
    'model-not-found': [400, 'Unknown model', 'UnknownModel'],
    'rate-limited': [429, '90 per 1 minute'],
    'context-length': [400, 'You cannot request more tokens than your context length.', 'TokenOverflow'],
    'content-filter': [400, 'Prompt was rejected by the content filter.', 'CorruptPrompt'],
    'bad-request': [400, 'The payload is wrong.', 'InvalidPayload'],
    overloaded: [503, 'Maintenance', 'MaintenanceMode'],
    loading: [503, 'Maintenance', 'MaintenanceMode'],
    server: [500, 'Internal Server Error'],
  };
  const [status, message, rc] = table[failure];
  return { status, body: { message, ...(rc && { rc }) } };
}
