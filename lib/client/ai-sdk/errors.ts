import type { ProviderError } from '../../protocol/provider.ts';

/** What is worth asking again for without the user: the rest is a decision, a mistake or a limit, and stays as it is. */
const passing = new Set(['overloaded', 'loading', 'rate-limited']);

/**
 * A failed call as the SDK's own `APICallError`, so that its retries, its `isInstance` and its error pages work. The SDK knows
 * its errors by marks and not by their class, so none of its code is needed. The reason of an abort stays what it is.
 */
export function toApiCallError(thrown: unknown, url: string): unknown {
  const { name, message, code, status, retryAfter } = thrown as ProviderError;
  // A DOMException of the platform's has a number there.
  if (name === 'AbortError' || typeof code !== 'string') return thrown;
  return Object.assign(marked(new Error(message, { cause: thrown }), 'AI_APICallError'), {
    url,
    // What was asked stays out of errors: they end up in logs.
    requestBodyValues: {},
    statusCode: status,
    responseHeaders: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
    isRetryable: passing.has(code),
    data: { error: { code, message } },
    code,
  });
}

/** For the kinds of models that pages cannot have. */
export function noSuchModel(modelId: string, modelType: 'imageModel'): Error {
  const error = marked(new Error(`Switchboard has no ${modelType}. It makes text and embeddings.`), 'AI_NoSuchModelError');
  return Object.assign(error, { modelId, modelType });
}

function marked(error: Error, name: string): Error {
  error.name = name;
  return Object.assign(error, { [Symbol.for('vercel.ai.error')]: true, [Symbol.for(`vercel.ai.error.${name}`)]: true });
}
