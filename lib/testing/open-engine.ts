import type { Backend, BaseConfig, Engine } from '../backends/backend.ts';
import { createHttp } from '../backends/http.ts';
import type { Message } from '../protocol/message.ts';
import type { Part } from '../protocol/part.ts';

/** The backend opened as the router opens it, for a configuration that need not be complete, with real HTTP. */
export function openEngine<Config extends BaseConfig>(
  backend: Backend<Config>,
  config: object,
  secrets: Record<string, string> = {},
): Engine {
  const parsed = backend.schema.parse({ ...backend.preset, ...config });
  const http = createHttp({ allowedOrigins: backend.hosts(parsed), secrets: () => Object.values(secrets), place: 'device' });
  return backend.open(parsed, { http, secret: (name = 'key') => secrets[name] });
}

/** All parts of a stream, in one list. */
export async function collect(stream: AsyncIterable<Part[]> | undefined): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const batch of stream ?? []) parts.push(...batch);
  return parts;
}

/** The text of an answer. */
export function textOf(parts: Part[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

export function userMessage(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** A signal for calls that nobody stops. */
export function unstopped(): AbortSignal {
  return new AbortController().signal;
}
