import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Exchange } from '../kit/exchange.ts';
import type { Line } from '../kit/one-at-a-time.ts';
import { pythonJson } from '../kit/python-json.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { tokenise } from '../tokens.ts';
import { since } from './koboldcpp-about.ts';

/** One token more than the text has, for its beginning. Very long texts are said to have none. */
export function countRoute(exchange: Exchange): void {
  const { prompt, special } = exchange.body;
  if (typeof prompt !== 'string') {
    reply(exchange, { value: -1 }, 400);
    return;
  }
  const pieces = tokenise(prompt);
  const ids = [...(special === false ? [] : [1]), ...pieces.map((_, index) => index + 2)];
  reply(exchange, pieces.length > 50_000 ? { value: 0, ids: [] } : { value: ids.length, ids });
}

/** GET /api/extra/perf */
export function perfCard(perf: JsonObject, line: Line, uptime: number, version: string): JsonObject {
  const { last_input_count: input, ...old } = perf;
  return {
    ...old,
    total_img_gens: 0,
    queue: line.waiting,
    idle: line.running ? 0 : 1,
    hordeexitcounter: -1,
    uptime,
    idletime: 3.2,
    quiet: false,
    ...(since(version, '1.86') && { last_input_count: input ?? 0 }),
  };
}

/** An entry of GET /v1/models. */
export function modelCard(id: string): JsonObject {
  return { id, object: 'model', created: 1_767_225_600, owned_by: 'koboldcpp', permission: [], root: 'koboldcpp' };
}

/** JSON as Python writes it. */
export function reply(exchange: Exchange, body: JsonValue, status = 200): void {
  exchange.text(status, pythonJson(body), { 'content-type': 'application/json' });
}

/** KoboldCpp's status and words for each failure; a proxy in front of it speaks where it has none of its own. */
export function koboldCppFailure(failure: Failure): CannedReply {
  const table: Record<Failure, [number, JsonObject]> = {
    unauthorized: [401, { detail: { error: 'Unauthorized', msg: 'Authentication key is missing or invalid.', type: 'unauthorized' } }],
    forbidden: [403, { detail: { msg: 'Forbidden', type: 'forbidden' } }],
    'out-of-credit': [402, { detail: { msg: 'Payment required', type: 'payment_required' } }],
    'model-not-found': [404, { detail: { msg: 'The model was not found.', type: 'model_not_found' } }],
    'rate-limited': [429, { detail: { msg: 'Too many requests', type: 'rate_limit' } }],
    'context-length': [400, { detail: { msg: 'The prompt exceeds the context length: it is too long.', type: 'token_overflow' } }],
    'content-filter': [400, { detail: { msg: 'Refused', type: 'content_filter' } }],
    'bad-request': [400, { detail: { msg: 'Error parsing input.', type: 'bad_input' } }],
    overloaded: [503, { detail: { msg: 'Server is busy; please try again later.', type: 'service_unavailable' } }],
    loading: [503, { detail: { msg: 'Server is busy; please try again later.', type: 'service_unavailable' } }],
    server: [500, { detail: { msg: 'The model failed.', type: 'server_error' } }],
  };
  const [status, body] = table[failure];
  return { status, body };
}
