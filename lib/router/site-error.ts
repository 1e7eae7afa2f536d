import { SwitchboardError } from '../protocol/errors.ts';

/**
 * What a backend says of limits and models is the user's business: a page is told what it means for the page. The other
 * codes a page sees in full speak of its own request, and those adapters keep addresses out of them.
 */
export function backendErrorForSite(error: SwitchboardError): SwitchboardError {
  const text = plain[error.code];
  if (text === undefined) return error;
  const { retryAfterSeconds, status } = error;
  return new SwitchboardError(error.code, text, {
    cause: error,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(status !== undefined && { status }),
  });
}

const plain: Partial<Record<SwitchboardError['code'], string>> = {
  'model-not-found': "The user's model is not ready on its server. The user can see why in Switchboard.",
  'rate-limited': "The model's service takes no more requests from the user now. Wait before asking again.",
};
