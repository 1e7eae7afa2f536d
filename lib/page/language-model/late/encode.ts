import type { Message, Prompt } from '../options.ts';
import type { ToolState } from '../tools.ts';
import { encodeAudio, encodeImage } from './media.ts';
import { platform } from './platform.ts';
import { type Kind, kindOf } from './things.ts';

/** Whether a session takes contents of that type. */
export type Accepts = (type: string) => boolean;

/**
 * A prompt as messages in JSON, one after another. Things become base64; whether each is what its place asks for the
 * background says, and what the session does not take is not even looked at.
 */
export async function encode(prompt: Prompt, accepts: Accepts): Promise<string> {
  if (typeof prompt === 'string' || prompt.length === 0) return write({ role: 'user', content: typeof prompt === 'string' ? prompt : '' });
  let text = '';
  for (let index = 0; index < prompt.length; index++) {
    const message = prompt[index] as Message;
    await encodeContents(message, accepts);
    text += (index > 0 ? ',' : '') + write(message);
  }
  return text;
}

/** What was read of a page, as JSON. */
export function write(value: unknown): string {
  return platform.toJson(value, ({ message }) => platform.exception({ name: 'UnknownError', message }));
}

async function encodeContents({ content }: Message, accepts: Accepts): Promise<void> {
  if (typeof content === 'string') return;
  for (let index = 0; index < content.length; index++) {
    const item = content[index] as (typeof content)[number];
    if (typeof item.value === 'string') continue;
    const kind = kindOf(item.value);
    item.value = kind ? await encodeThing(item.type, kind, item.value, accepts) : platform.string(item.value, 'value');
  }
}

async function encodeThing(type: string, kind: Kind, thing: object, accepts: Accepts): Promise<object> {
  const isFile = kind === 'file';
  if (!accepts(type)) return { kind };
  if (kind === 'tool') return encodeTool(platform.peek(thing) as ToolState);
  if (type === 'image' && (isFile || kind === 'image')) return { kind: 'image', ...(await encodeImage(thing, isFile)) };
  if (type === 'audio' && (isFile || kind === 'audio')) return { kind: 'audio', ...(await encodeAudio(thing, isFile)) };
  return { kind };
}

/** What a tool gave has to be JSON through and through: what is not is left out here, and missed by the background. */
function encodeTool({ kind, callID, name, arguments: input, result, errorMessage }: ToolState): object {
  try {
    const json = platform.stringify(errorMessage ?? result ?? input ?? {}, (_, value) => (isThing(value) ? undefined : value));
    return { kind, callID, name, json };
  } catch {
    throw platform.exception({ name: 'DataError', message: 'What the tool gave cannot be written as JSON.' });
  }
}

function isThing(value: unknown): boolean {
  return typeof value === 'object' && value !== null && kindOf(value) !== undefined;
}
