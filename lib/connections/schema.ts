import * as z from 'zod/mini';
import { backendIds } from '../backends/backend.ts';
import { getBackend } from '../backends/registry.ts';
import { normaliseBaseUrl } from '../backends/url.ts';
import type { JsonObject } from '../protocol/json.ts';
import { lazy, parse } from '../protocol/parse.ts';
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

const maxName = 200;
const maxModel = 1_000;
/** A day: nobody waits longer, and timers count no further than 24. */
const maxSeconds = 86_400;

/** What every connection has; `config` is read by its backend. */
const common = lazy(() => {
  const strings = z.array(z.string());
  const count = z.int().check(z.minimum(0));
  const generation = z.exactPartial(
    z.object({
      sampling: sampling(strings),
      maxOutputTokens: count,
      stop: strings,
      contextWindow: count,
      template: z.string(),
      systemPrompt: z.string(),
      extra: json(),
    }),
  );
  const seconds = z.number().check(z.minimum(0), z.maximum(maxSeconds));
  const patience = z.exactPartial(z.object({ firstWordSeconds: seconds, silenceSeconds: seconds, retrySeconds: seconds }));
  return {
    backend: z.enum(backendIds),
    name: z.string().check(z.trim(), z.maxLength(maxName)),
    config: json(),
    model: z.exactOptional(z.string().check(z.maxLength(maxModel))),
    generation: z.exactOptional(generation),
    patience: z.exactOptional(patience),
    count,
  };
});

const connectionSchema = lazy(() => {
  const { count, ...fields } = common();
  return z.object({ ...fields, id: z.string(), revision: count, createdAt: z.number() });
});

const draftSchema = lazy(() => {
  const { backend, name, config, model, generation, patience } = common();
  return z.object({
    backend,
    id: z.exactOptional(z.string()),
    name: z.exactOptional(name),
    config: z.exactOptional(config),
    model,
    generation,
    patience,
  });
});

/** What the store keeps: `connections` as they were written, also those this version cannot read. */
export interface Settings {
  connections: JsonObject[];
  defaults?: Defaults;
}

export const settingsSchema = lazy((): z.ZodMiniType<Settings> => {
  const defaults = z.object({ connectionId: z.string(), model: z.exactOptional(z.string()) });
  return z.object({ connections: z.array(json()), defaults: z.exactOptional(defaults) });
});

const json = lazy((): z.ZodMiniType<JsonObject> => z.record(z.string(), z.json()));

function sampling(strings: z.ZodMiniArray<z.ZodMiniString>) {
  const number = z.number();
  const optional = z.exactOptional(number);
  return z.exactPartial(
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
      mirostat: z.object({ mode: z.literal([0, 1, 2]), tau: optional, eta: optional }),
      dry: z.object({ multiplier: number, base: optional, allowedLength: optional, range: optional, breakers: z.exactOptional(strings) }),
      xtc: z.object({ threshold: number, probability: number }),
      dynamicTemperature: z.object({ range: number, exponent: optional }),
      smoothing: z.object({ factor: number, curve: optional }),
      samplerOrder: z.array(z.union([number, z.string()])),
      banEos: z.boolean(),
      bannedStrings: strings,
      logitBias: z.record(z.string(), number),
    }),
  );
}
