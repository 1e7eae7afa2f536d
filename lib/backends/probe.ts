import { SwitchboardError } from '../protocol/errors.ts';
import { createHttp } from './http.ts';
import { isObject } from './openai-shaped/wire.ts';
import { placeOf } from './place.ts';
import { type Answer, type Finding, judges, paths } from './server-marks.ts';

export interface ProbeOptions {
  signal: AbortSignal;
  fetch?: typeof fetch;
  /** How long to wait for the first sign of life. */
  firstAnswerMs?: number;
}

/**
 * Asks a server who it is. All questions are GETs, go out together and are judged in a fixed order, because servers
 * answer each other's routes: KoboldCpp those of Ollama and llama.cpp, TabbyAPI those of KoboldCpp, LM Studio all with
 * status 200. Throws `unreachable` where nothing answers; undefined means something unknown does.
 */
export async function probe(baseUrl: string, { signal, fetch, firstAnswerMs = 15_000 }: ProbeOptions): Promise<Finding | undefined> {
  const http = createHttp({
    allowedOrigins: [new URL(baseUrl).origin],
    secrets: () => [],
    place: placeOf(baseUrl),
    ...(fetch && { fetch }),
  });
  const ask = (path: string, headersTimeout: number) => answerAt(baseUrl + path, headersTimeout);

  async function answerAt(url: string, headersTimeout: number): Promise<Answer> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(headersTimeout + bodyMs)]);
    try {
      const response = await http.request(url, { signal: limited, accept: everyStatus, headersTimeout });
      const text = (await response.text()).slice(0, maxText);
      return { status: response.status, headers: response.headers, text, json: parse(text) };
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof SwitchboardError && error.code === 'bad-response') return { ...nothing, status: error.status ?? 200 };
      return { ...nothing, error };
    }
  }

  const first = await ask('/.well-known/serviceinfo', firstAnswerMs);
  if (first.error) throw first.error;
  const rest = await Promise.all(paths.map((path) => ask(path, restMs)));
  const answers = new Map([['/.well-known/serviceinfo', first] as const, ...paths.map((path, i) => [path, rest[i] ?? nothing] as const)]);
  const at = (path: string) => answers.get(path) ?? nothing;
  for (const judge of judges) {
    const finding = judge(at);
    if (finding) return finding;
  }
  return undefined;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const nothing: Answer = { status: 0, headers: new Headers(), text: '', json: {} };
const everyStatus = Array.from({ length: 300 }, (_, i) => 300 + i);
const restMs = 3_000;
const bodyMs = 2_000;
const maxText = 4 * 1024 * 1024;
