import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Message } from '../protocol/message.ts';
import type { CountRequest } from '../protocol/request.ts';

/** The fields that have a value: absent means "the backend's own default" and is not sent. */
export function defined(fields: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** The value moved into the range the backend takes. */
export function within(value: number | undefined, least: number, most: number): number | undefined {
  return value === undefined ? undefined : Math.min(Math.max(value, least), most);
}

/** The arguments of a tool call as the object some backends want in place of its JSON text. */
export function toolArguments(json: string, name: string): JsonObject {
  try {
    const value: unknown = json.trim() === '' ? {} : JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {}
  throw new SwitchboardError(
    'bad-request',
    `The arguments of the tool call "${name}" are not a JSON object. Send them back as the model wrote them.`,
  );
}

/** The text of a file that came as base64. */
export function fileText(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

/** What is to be counted, as a conversation: plain text becomes one message. */
export function countedMessages(request: CountRequest): Message[] {
  return 'messages' in request ? request.messages : [{ role: 'user', content: [{ type: 'text', text: request.text }] }];
}
