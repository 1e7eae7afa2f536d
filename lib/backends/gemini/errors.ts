import { SwitchboardError } from '../../protocol/errors.ts';
import type { Meaning } from '../ask.ts';

/** The service refused the prompt, which it says in an answer without text. */
export function blocked(reason: string): SwitchboardError {
  return new SwitchboardError(
    'content-filter',
    `Gemini refused the prompt (${reason}). Change it, or switch the safety filters off in the connection's settings.`,
  );
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
