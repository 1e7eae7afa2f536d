import * as z from 'zod/mini';
import type { EndReason, Part } from '../../protocol/part.ts';
import type { TextRequest } from '../../protocol/request.ts';
import { createAsk } from '../ask.ts';
import type { AccountInfo, Backend, Engine, Resources } from '../backend.ts';
import { closing } from '../closing.ts';
import { addressSchema, optionalKeyField, otherAddressField } from '../fields.ts';
import { createStopCutter } from '../stop.ts';
import { anonymousKey, type HordeModel, type HordeStatus, type HordeUser, type HordeWorker } from './api.ts';
import { explainHorde } from './errors.ts';
import { type HordePace, politePace, runJob } from './job.ts';
import { hordeLimits } from './limits.ts';
import { hordeModels } from './models.ts';
import { hordeBody, hordeSamplers } from './request.ts';
import { workerOffers } from './worker-offers.ts';

const preset = { baseUrl: 'https://aihorde.net', slowWorkers: true };

const schema = z.object({
  baseUrl: z._default(addressSchema, preset.baseUrl),
  /** Tokens of an answer whose caller gives no limit. */
  maxOutputTokens: z.optional(z.int().check(z.positive())),
  /** Ids of workers, with commas between; none: any. */
  workers: z.optional(z.string()),
  avoidWorkers: z.optional(z.boolean()),
  trustedWorkers: z.optional(z.boolean()),
  slowWorkers: z.optional(z.boolean()),
  allowDowngrade: z.optional(z.boolean()),
});
type HordeConfig = z.infer<typeof schema>;

/** The AI Horde: volunteers' machines, which take requests from one queue. Works without an account. */
export const horde: Backend<HordeConfig> = {
  id: 'horde',
  label: 'AI Horde',
  group: 'cloud',
  schema,
  fields: [
    { ...optionalKeyField, hint: 'field_key_horde', placeholder: anonymousKey },
    { name: 'maxOutputTokens', kind: 'number', label: 'field_maxOutputTokens', hint: 'field_maxOutputTokens_horde', placeholder: '256' },
    { name: 'trustedWorkers', kind: 'switch', label: 'field_trustedWorkers', hint: 'field_trustedWorkers_hint' },
    { name: 'slowWorkers', kind: 'switch', label: 'field_slowWorkers', hint: 'field_slowWorkers_hint', advanced: true },
    { name: 'allowDowngrade', kind: 'switch', label: 'field_allowDowngrade', hint: 'field_allowDowngrade_hint', advanced: true },
    { name: 'workers', kind: 'text', label: 'field_workers', hint: 'field_workers_hint', offers: 'several', advanced: true },
    { name: 'avoidWorkers', kind: 'switch', label: 'field_avoidWorkers', advanced: true },
    otherAddressField,
  ],
  preset,
  keyUrl: 'https://aihorde.net/register',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: (config, resources) => openHorde(config, resources, politePace),
};

/** The engine, with the pace of its looks at jobs: tests cannot wait for the polite one. */
export function openHorde(config: HordeConfig, { http, secret }: Resources, pace: HordePace): Engine {
  const key = secret() || anonymousKey;
  const ask = createAsk({
    http,
    service: { label: 'AI Horde' },
    key: key === anonymousKey ? '' : key,
    explain: explainHorde,
    explained: [400, 401, 403, 404, 410, 429],
  });
  const api = `${config.baseUrl.replace(/\/api\/v2$/, '')}/api/v2`;
  const headers = { apikey: key, 'Client-Agent': 'Switchboard:1:unknown' };

  return {
    text: (request, signal) => closing(signal, (stop) => answer(request, stop)),
    samplers: () => hordeSamplers,
    graceMs: 3_000,

    async models(signal) {
      // Without `type` the list is that of image models.
      const models = ask.list<HordeModel>(`${api}/status/models?type=text`, { headers, signal });
      const [listed, workers] = await Promise.all([models, textWorkers(signal)]);
      return hordeModels(listed, workers, config);
    },

    contextWindow: async (model, signal) => hordeLimits(await textWorkers(signal), model, config).maxContext,

    offers: async (_field, signal) => workerOffers(await textWorkers(signal)),

    test: async (signal) => void (await user(signal)),

    async account(signal): Promise<AccountInfo> {
      const { username = 'Your account', kudos = 0 } = await user(signal);
      const sum = `${username} has ${Math.round(kudos).toLocaleString('en')} kudos.`;
      return {
        note: key === anonymousKey ? 'You ask anonymously, behind everybody who has kudos. A key of your own moves you up the queue.' : sum,
      };
    },
  };

  async function* answer(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const limits = hordeLimits(await textWorkers(signal), request.model, config);
    const body = hordeBody(request, config, limits);
    yield* runJob({ ask, api, headers, body, pace }, signal, (status) => answerParts(status, request));
  }

  function user(signal: AbortSignal): Promise<HordeUser> {
    return ask.json<HordeUser>(`${api}/find_user`, { headers, signal });
  }

  /** The list is long and the same for every call, so it is kept for a minute. */
  async function textWorkers(signal: AbortSignal): Promise<HordeWorker[]> {
    const known = workersOf.get(api);
    if (known && Date.now() - known.at < workersMs) return known.workers;
    const workers = await ask.list<HordeWorker>(`${api}/workers?type=text`, { headers, signal });
    workersOf.set(api, { at: Date.now(), workers });
    return workers;
  }
}

const workersOf = new Map<string, { at: number; workers: HordeWorker[] }>();
const workersMs = 60_000;

/** The finished text, cut at the stops: the service leaves them in. */
function answerParts({ generations }: HordeStatus, { prompt, echo, stop = [] }: TextRequest): Part[] {
  const { text: whole = '', model, state } = generations?.[0] ?? {};
  const isCensored = state === 'censored' || state === 'csam';
  const cutter = createStopCutter(stop);
  const text = isCensored ? '' : cutter.add(whole) + cutter.end('other');
  const reason: EndReason = isCensored ? 'content-filter' : 'stop';
  return [
    ...(text || echo ? [{ type: 'text', text: echo ? prompt + text : text } as const] : []),
    { type: 'end', reason, ...(model && { model }) },
  ];
}
