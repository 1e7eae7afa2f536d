import type { JsonObject } from '../../protocol/json.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';

/** llama-server's shape of errors. */
export function errorBody(code: number, message: string, type: string): JsonObject {
  return { error: { code, message, type } };
}

/** What an overlong prompt gets. */
export function overflow(promptTokens: number, contextWindow: number): JsonObject {
  const message = `request (${promptTokens} tokens) exceeds the available context size (${contextWindow} tokens), try increasing it`;
  return { error: { code: 400, message, type: 'exceed_context_size_error', n_prompt_tokens: promptTokens, n_ctx: contextWindow } };
}

/** llama-server's status and words for each failure; a proxy in front of it speaks where it has none of its own. */
export function llamaCppFailure(failure: Failure, model: string, contextWindow: number): CannedReply {
  const table: Record<Failure, [number, string, string]> = {
    unauthorized: [401, 'Invalid API Key', 'authentication_error'],
    forbidden: [403, 'This operation is not permitted', 'permission_error'],
    'out-of-credit': [402, 'Payment required', 'payment_error'],
    'model-not-found': [400, `model '${model}' not found`, 'invalid_request_error'],
    'rate-limited': [429, 'Too many requests', 'rate_limit_error'],
    'context-length': [400, '', 'exceed_context_size_error'],
    'content-filter': [400, 'Content refused', 'content_filter'],
    'bad-request': [400, 'Failed to parse messages: Missing "role"', 'invalid_request_error'],
    overloaded: [503, 'No slot available', 'unavailable_error'],
    loading: [503, 'Loading model', 'unavailable_error'],
    server: [500, 'Compute error.', 'server_error'],
  };
  const [status, message, type] = table[failure];
  return { status, body: failure === 'context-length' ? overflow(contextWindow + 1, contextWindow) : errorBody(status, message, type) };
}
