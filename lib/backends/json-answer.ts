import { SwitchboardError } from '../protocol/errors.ts';
import type { HttpResponse } from './backend.ts';
import { cutOff } from './event-parts.ts';
import { isObject } from './openai-shaped/wire.ts';

/** The JSON object a response holds. One that breaks off is `interrupted`, anything else `bad-response`. */
export async function jsonAnswer(response: HttpResponse, host: string, label: string): Promise<Record<string, unknown>> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    if (/^\s*[{[]/.test(text)) throw cutOff(host);
  }
  throw new SwitchboardError('bad-response', `${host} did not answer as ${label} does. Check the address.`);
}
