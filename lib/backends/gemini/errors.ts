import { SwitchboardError } from '../../protocol/errors.ts';
import type { Meaning } from '../ask.ts';

/** The service refused the prompt, which it says in an answer without text. */
export function blocked(reason: string): SwitchboardError {
  return new SwitchboardError(
    'content-filter',
    `Gemini refused the prompt (${reason}). Change it, or switch the safety filters off in the connection's settings.`,
  );
}

/** The model's call of a tool could not be read, which ends the answer. */
export function brokenCall(): SwitchboardError {
  return new SwitchboardError('bad-response', 'Gemini wrote a call of a tool that is not valid. Try again, or choose another model.');
}

/** What Gemini means by its refusals: a wrong key is a 400, and how long to wait stands in the body. */
export function explainGemini({ status, words, body }: { status: number | undefined; words: string; body: unknown }): Meaning | undefined {
  if (/API key not valid|API_KEY_INVALID|API key expired/i.test(words)) {
    return { code: 'unauthorized', message: "Google refused the key. Check it in the connection's settings." };
  }
  if (/exceeds the maximum number of tokens/i.test(words)) {
    return { code: 'context-length', message: "The messages are longer than the model's context window. Send fewer or shorter ones." };
  }
  if (/credits are depleted/i.test(words))
    return { code: 'payment-required', message: 'The Google account has no credit left. Add some, or choose another model.' };
  if (/spend(ing)? cap/i.test(words))
    return {
      code: 'payment-required',
      message: 'The spending cap of the Google project is reached. Raise it, or wait for the next month.',
    };
  if (/API_KEY_(HTTP_REFERRER|IP_ADDRESS)_BLOCKED/.test(JSON.stringify(body) ?? '')) {
    return {
      code: 'unauthorized',
      message: 'The key may only be used from certain sites or addresses. Make one without that restriction.',
    };
  }
  if (/user location is not supported/i.test(words))
    return { code: 'unauthorized', message: 'Google does not offer Gemini where this device is. Choose another service.' };
  if (status !== 429) return undefined;
  const wait = retryDelay(body);
  const next = wait === undefined ? 'Wait a moment and try again.' : `Try again in ${Math.ceil(wait)} seconds.`;
  return {
    code: 'rate-limited',
    message: `The model's service is limiting requests. ${next}`,
    ...(wait !== undefined && { retryAfterSeconds: wait }),
  };
}

/** The service says how long to wait in the body, as `34.4s`, and in no header. */
function retryDelay(body: unknown): number | undefined {
  const seconds = /"retryDelay":\s*"([\d.]+)s"/.exec(JSON.stringify(body) ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
