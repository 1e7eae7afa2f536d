/** What could be read of a server's error, whatever shape it has. */
export interface ErrorBody {
  message?: string;
  /** Words to recognise it by: code and type, lower case. */
  kind: string;
  /** An HTTP status, where the body names one. */
  status?: number;
  /** The field of the request it is about. */
  param?: string;
  retryAfterSeconds?: number;
  /** A moderation refused the content. */
  moderated?: true;
}

/**
 * Reads the error shapes of all servers: OpenAI's object, its older top-level form (vLLM), a bare string (Ollama, LM
 * Studio, vLLM's 401), FastAPI's `detail` in four forms, OpenRouter's metadata, an array around any of them (Gemini).
 */
export function readErrorBody(body: unknown): ErrorBody {
  if (typeof body === 'string') return readText(body);
  if (Array.isArray(body)) return readErrorBody(body[0]);
  const outer = asObject(body);
  if (!outer) return { kind: '' };
  const detail = outer.detail ?? outer.error ?? outer;
  if (typeof detail === 'string') return { ...refusedIn(detail, [outer.code ?? outer.type]), message: detail };
  if (Array.isArray(detail)) return readFieldError(detail[0]);
  const inner = asObject(detail) ?? outer;
  // Mistral puts FastAPI's `detail` where others have a sentence.
  if (asObject(inner.message)) return readErrorBody(inner.message);
  const metadata = asObject(inner.metadata);
  // OpenRouter wraps what the company behind it said.
  if (typeof metadata?.raw === 'string' && metadata.raw.trim() !== '') return withinRaw(metadata.raw, inner);
  const message = text(inner.message) ?? text(inner.msg) ?? text(inner.error) ?? text(outer.message) ?? firstFieldError(inner);
  const param = text(inner.param);
  return {
    ...refusedIn(message ?? '', [inner.code, inner.type, metadata?.error_type]),
    ...(message !== undefined && { message }),
    ...statusOf(inner.code ?? inner.status),
    ...(param !== undefined && { param }),
    ...retryOf(asObject(inner.availability)?.retry_after),
    ...(Array.isArray(metadata?.reasons) && { moderated: true }),
  };
}

/** What the company behind a gateway said, which tells more than that it said something. */
function withinRaw(raw: string, { message, metadata, ...rest }: Record<string, unknown>): ErrorBody {
  const own = readErrorBody({ ...rest, message });
  const said = readText(raw);
  return { ...said, ...own, kind: `${own.kind} ${said.kind}`.trim(), ...(said.message !== undefined && { message: said.message }) };
}

/** The words to recognise it by, and the parameter that older gateways, Groq and xAI name in the sentence alone. */
function refusedIn(message: string, words: unknown[]): { kind: string; param?: string } {
  const refused = refusals.map((pattern) => pattern.exec(message)?.[1]).find(Boolean);
  const kind = [...words, refused && 'unknown_parameter'].map(word).join(' ').trim();
  // xAI spells them its own way: `reasoningEffort`.
  const param = refused?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return { kind, ...(param !== undefined && { param }) };
}

const refusals = [
  /unrecognized request argument supplied: (\w+)/i,
  /does not support parameter (\w+)/i,
  /argument not supported on this model: (\w+)/i,
  /^[`'"](\w+)[`'"] is not supported with this model/i,
];

function readText(body: string): ErrorBody {
  const trimmed = body.trim();
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    try {
      return readErrorBody(JSON.parse(trimmed));
    } catch {
      // Not JSON after all; its text is shown as it is.
    }
  }
  // A page made for people says nothing that fits in a sentence.
  return trimmed === '' || trimmed.startsWith('<') ? { kind: '' } : { kind: '', message: trimmed };
}

/** `[{ type, loc, msg }]` of FastAPI. */
function readFieldError(error: unknown): ErrorBody {
  const { type, loc, msg } = asObject(error) ?? {};
  // `['body', 'stream_options', 'include_usage']` is about `stream_options`.
  const param = Array.isArray(loc) ? text(loc[0] === 'body' ? loc[1] : loc.at(-1)) : undefined;
  return { kind: word(type), message: [param, text(msg)].filter(Boolean).join(': '), ...(param !== undefined && { param }) };
}

/** `{ field: ['message'] }` of KoboldAI. */
function firstFieldError(object: Record<string, unknown>): string | undefined {
  for (const [field, messages] of Object.entries(object)) {
    if (Array.isArray(messages) && typeof messages[0] === 'string') return `${field}: ${messages[0]}`;
  }
  return undefined;
}

function statusOf(code: unknown): { status?: number } {
  return typeof code === 'number' && code >= 400 && code < 600 ? { status: code } : {};
}

function retryOf(seconds: unknown): { retryAfterSeconds?: number } {
  return typeof seconds === 'number' && seconds >= 0 ? { retryAfterSeconds: seconds } : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function word(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
