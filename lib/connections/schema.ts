import * as z from 'zod/mini';
import { backendIds } from '../backends/backend.ts';
import { getBackend } from '../backends/registry.ts';
import { normaliseBaseUrl } from '../backends/url.ts';
import type { JsonObject } from '../protocol/json.ts';
import { parse } from '../protocol/parse.ts';
import type { Connection, ConnectionDraft, Defaults } from './connection.ts';

/** A stored connection, its configuration read by its backend's own schema. Throws `bad-request`. */
export function parseConnection(stored: unknown): Connection {
  const connection = parse(connectionSchema, stored, 'Connection');
  return { ...connection, config: parseConfig(connection.backend, connection.config) };
}

/** What a form or a script wants to save. Throws `bad-request` naming the field. */
export function parseDraft(draft: unknown): ConnectionDraft {
  return parse(draftSchema, draft, 'Connection');
}

/** The configuration with the address in its one true form. */
export function parseConfig(backend: Connection['backend'], config: JsonObject): Connection['config'] {
  const { baseUrl } = config;
  const known = typeof baseUrl === 'string' ? { ...config, baseUrl: normaliseBaseUrl(baseUrl) } : config;
  return parse(getBackend(backend).schema, known, `${getBackend(backend).label}`) as Connection['config'];
}

const json: z.ZodMiniType<JsonObject> = z.record(z.string(), z.json());
const number = z.number();
const count = z.int().check(z.minimum(0));
const strings = z.array(z.string());

const sampling = z.exactPartial(
  z.object({
    temperature: number,
    topP: number,
    topK: number,
    minP: number,
    typicalP: number,
    topA: number,
    tailFree: number,
    topNSigma: number,
    repetitionPenalty: number,
    repetitionRange: number,
    repetitionSlope: number,
    presencePenalty: number,
    frequencyPenalty: number,
    mirostat: z.object({
      mode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
      tau: z.exactOptional(number),
      eta: z.exactOptional(number),
    }),
    dry: z.object({
      multiplier: number,
      base: z.exactOptional(number),
      allowedLength: z.exactOptional(number),
      range: z.exactOptional(number),
      breakers: z.exactOptional(strings),
    }),
    xtc: z.object({ threshold: number, probability: number }),
    dynamicTemperature: z.object({ range: number, exponent: z.exactOptional(number) }),
    smoothing: z.object({ factor: number, curve: z.exactOptional(number) }),
    samplerOrder: z.array(z.union([number, z.string()])),
    banEos: z.boolean(),
    bannedStrings: strings,
    logitBias: z.record(z.string(), number),
  }),
);

const generation = z.exactPartial(
  z.object({
    sampling,
    maxOutputTokens: count,
    stop: strings,
    contextWindow: count,
    template: z.string(),
    systemPrompt: z.string(),
    extra: json,
  }),
);

const name = z.string().check(z.trim(), z.maxLength(200));
const model = z.string().check(z.maxLength(1000));

const connectionSchema = z.object({
  id: z.string(),
  backend: z.enum(backendIds),
  name,
  config: json,
  model: z.exactOptional(model),
  generation: z.exactOptional(generation),
  revision: count,
  createdAt: number,
});

const draftSchema = z.object({
  id: z.exactOptional(z.string()),
  backend: z.enum(backendIds),
  name: z.exactOptional(name),
  config: z.exactOptional(json),
  model: z.exactOptional(model),
  generation: z.exactOptional(generation),
});

/** What the store keeps: `connections` as they were written, also those this version cannot read. */
export interface Settings {
  connections: JsonObject[];
  defaults?: Defaults;
}

export const settingsSchema: z.ZodMiniType<Settings> = z.object({
  connections: z.array(json),
  defaults: z.exactOptional(z.object({ connectionId: z.string(), model: z.exactOptional(z.string()) })),
});
