import * as z from 'zod/mini';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';

/** Anything: what arrives here came out of JSON text, whose depth and size were checked before (lib/serve/read-call.ts). */
export const jsonValue = z.custom<JsonValue>();

export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'should be an object',
);

/** Ids as users and backends write them; whether the site may use it is the router's question. */
export const modelId = z.string().check(z.minLength(1), z.maxLength(256));
