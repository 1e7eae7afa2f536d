import { SwitchboardError } from '../../protocol/errors.ts';
import type { Http } from '../backend.ts';
import { backendError, type ErrorContext } from '../backend-error.ts';
import { readErrorResponse } from '../error-response.ts';
import { noModel } from '../no-model.ts';
import { retryAfterSeconds } from '../retry-after.ts';

/**
 * The way out, with TabbyAPI's 503 told apart (400 before April 2025): it is not busy, it has no model, or the model
 * failed. Asking again would help neither.
 */
export function explainingTabby(http: Http, contextOf: () => ErrorContext): Http {
  return {
    async request(url, init) {
      const { accept = [] } = init;
      const response = await http.request(url, { ...init, accept: [...accept, ...explained] });
      if (response.ok || accept.includes(response.status)) return response;
      const body = await readErrorResponse(response);
      if (/no models are currently loaded/i.test(body)) throw noModel();
      if (/no embedding models are currently loaded/i.test(body)) throw noModel('Load one for embeddings on the server, then try again.');
      const context = contextOf();
      if (/completion .{0,80} aborted/i.test(body))
        throw new SwitchboardError('backend-error', `${context.host} failed while it answered. Its own window says why.`, {
          status: response.status,
        });
      throw backendError(body, context, { status: response.status, retryAfterSeconds: retryAfterSeconds(response.headers) });
    },
  };
}

const explained = [400, 503];
