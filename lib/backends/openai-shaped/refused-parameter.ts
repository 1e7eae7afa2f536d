import { type ErrorCode, SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { HttpResponse } from '../backend.ts';
import { errorDetail } from '../backend-error.ts';
import { byName } from '../by-name.ts';
import { isObject } from './wire.ts';

/**
 * Sends a body; where the server refuses a parameter that the model does not know, sends it again without that one or
 * under its other name. New models refuse what old ones wanted, and their names do not tell.
 */
export async function withoutRefused(body: JsonObject, send: (body: JsonObject) => Promise<HttpResponse>): Promise<HttpResponse> {
  for (let current = body, attempt = 0; ; attempt++) {
    try {
      return await send(current);
    } catch (error) {
      const next = refusedIn(error).reduce<JsonObject | undefined>((rest, name) => rest && adapted(rest, name), current);
      if (!next || next === current || attempt >= maxAttempts) throw error;
      current = next;
    }
  }
}

/** The parameters an error says the server does not take. */
function refusedIn(error: unknown): string[] {
  const detail = errorDetail(error);
  if (!detail || !(error instanceof SwitchboardError)) return [];
  if (detail.param !== undefined && refusal.test(detail.kind)) return [detail.param];
  const list = refusesFields.has(error.code) ? fieldList.exec(error.message)?.[1] : undefined;
  return [...(list ?? '').matchAll(/'([\w.]+)'/g)].flatMap(([, name]) => name ?? []);
}

/** "Unexpected fields in the request: {'top_k', 'min_p'}" (Transformers), "does not support parameters: ['top_k']" (LiteLLM). */
const fieldList = /(?:(?:unexpected|unsupported) fields in the request|not support parameters): *[{[]([^}\]]*)/i;
const refusesFields = new Set<ErrorCode>(['bad-request', 'not-supported']);

/** OpenAI's codes, and FastAPI's for an unknown field. */
const refusal = /unsupported_(parameter|value)|unknown_parameter|extra_forbidden|value_error\.extra/;

const maxAttempts = 4;

function adapted(body: JsonObject, param: string): JsonObject | undefined {
  if (/^messages\b.*\brole$/.test(param)) return { ...body, messages: otherSystemRole(body.messages) };
  // OpenAI streams its newest models to verified organisations alone; everybody gets the answer in one piece.
  if (param === 'stream') return body.stream === true ? { ...withoutMember(body, 'stream_options'), stream: false } : undefined;
  // xAI says so of both APIs.
  const [first = '', second] = (param === 'reasoning_effort' && isObject(body.reasoning) ? 'reasoning.effort' : param).split('.');
  const { [first]: value, ...rest } = body;
  if (value === undefined || !Object.hasOwn(body, first) || essential.has(first)) return undefined;
  // `reasoning.summary`: of a group only the member goes.
  if (second !== undefined && isObject(value) && second in value) return { ...rest, [first]: withoutMember(value as JsonObject, second) };
  const other = otherName[param];
  return other === undefined ? rest : { ...rest, [other]: value };
}

function withoutMember(group: JsonObject, member: string): JsonObject {
  const { [member]: _, ...others } = group;
  return others;
}

const essential = new Set(['model', 'messages', 'prompt', 'input', 'stream', 'tools', 'response_format']);

const otherName = byName<string>({ max_tokens: 'max_completion_tokens', max_completion_tokens: 'max_tokens' });

function otherSystemRole(messages: JsonValue | undefined): JsonValue {
  const swap = (message: JsonValue) =>
    typeof message === 'object' && message !== null && !Array.isArray(message) && message.role === 'system'
      ? { ...message, role: 'developer' }
      : message;
  return Array.isArray(messages) ? messages.map(swap) : (messages ?? null);
}
