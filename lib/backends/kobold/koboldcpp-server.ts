import { SwitchboardError } from '../../protocol/errors.ts';
import type { Ability } from '../../protocol/model.ts';
import type { EndReason, Usage } from '../../protocol/part.ts';
import type { HttpInit, Resources, Service } from '../backend.ts';
import { isAtLeast } from './version.ts';

export const koboldCppService: Service = {
  label: 'KoboldCpp',
  startHint: 'Start KoboldCpp with a model.',
};

/** What a KoboldCpp says of itself, from GET /api/extra/version; versions before 1.77 name less. */
export interface About {
  version: string;
  isProtected: boolean;
  abilities: Ability[];
  /** A last assistant message is continued on the chat route. */
  canPrefill: boolean;
}

/** The routes of a KoboldCpp beside generation. */
export function koboldCppServer({ http, secret }: Resources, baseUrl: string) {
  let known: Promise<About> | undefined;

  return { about, headers, get, post, abort, contextWindow, trueEnd };

  /** Asked once for each opened connection; a failure is asked again. */
  function about(signal: AbortSignal): Promise<About> {
    known ??= get('/api/extra/version', signal).then(readAbout);
    known.catch(() => {
      known = undefined;
    });
    return known;
  }

  function headers(): Record<string, string> {
    const password = secret();
    return password ? { authorization: `Bearer ${password}` } : {};
  }

  async function get(path: string, signal: AbortSignal): Promise<Record<string, unknown>> {
    return await json(path, { signal });
  }

  async function post(path: string, body: unknown, signal: AbortSignal): Promise<Record<string, unknown>> {
    return await json(path, { json: body, signal });
  }

  async function json(path: string, init: HttpInit): Promise<Record<string, unknown>> {
    const response = await http.request(baseUrl + path, { headers: headers(), service: koboldCppService, ...init });
    const value: unknown = await response.json().catch(() => undefined);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    throw new SwitchboardError('bad-response', `${new URL(baseUrl).host} did not answer as KoboldCpp does. Check the address.`);
  }

  /** KoboldCpp notices a closed connection only when it next writes, so it is told; nobody waits for the answer. */
  function abort(genkey: string): void {
    void post('/api/extra/abort', { genkey }, AbortSignal.timeout(abortMs)).catch(() => undefined);
  }

  async function contextWindow(signal: AbortSignal): Promise<number | undefined> {
    const { value } = await get('/api/extra/true_max_context_length', signal);
    return typeof value === 'number' && value > 0 ? value : undefined;
  }

  /**
   * What really ended the last run and what it cost. KoboldCpp says `length` for an ordinary stop text too; its
   * counters tell the two apart (`stop_reason` 0: out of tokens, 1: end of text, 2: a stop text).
   */
  async function trueEnd(signal: AbortSignal): Promise<{ reason?: EndReason; usage?: Usage }> {
    const perf = await get('/api/extra/perf', signal).catch(() => undefined);
    if (!perf || typeof perf.queue !== 'number' || perf.queue > 0 || perf.idle === 0) return {};
    const { stop_reason: stopReason, last_input_count: inputTokens, last_token_count: outputTokens } = perf;
    return {
      ...((stopReason === 1 || stopReason === 2) && { reason: 'stop' }),
      ...(typeof inputTokens === 'number' && typeof outputTokens === 'number' && { usage: { inputTokens, outputTokens } }),
    };
  }
}

const abortMs = 5000;

function readAbout(answer: Record<string, unknown>): About {
  const version = typeof answer.version === 'string' ? answer.version : '1.0';
  const abilities: Ability[] = ['chat', 'text'];
  if (answer.vision === true) abilities.push('images');
  if (answer.audio === true) abilities.push('audio');
  if (answer.embeddings === true) abilities.push('embed');
  if (isAtLeast(version, '1.88')) abilities.push('schema', 'tools');
  return { version, isProtected: answer.protected === true, abilities, canPrefill: isAtLeast(version, '1.102.3') };
}
