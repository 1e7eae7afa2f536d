import { SwitchboardError } from '../../protocol/errors.ts';
import type { Ability } from '../../protocol/model.ts';
import { askedOnce } from '../asked-once.ts';
import type { HttpInit, Resources, Room, Service } from '../backend.ts';
import { jsonAnswer } from '../json-answer.ts';
import { sleep } from '../sleep.ts';
import { isAtLeast } from './version.ts';

export const koboldCppService: Service = { label: 'KoboldCpp', startHint: 'Start KoboldCpp with a model.' };

/** What a KoboldCpp says of itself, from GET /api/extra/version; versions before 1.77 name less. */
export interface About {
  version: string;
  abilities: Ability[];
  /** Since 1.83 the chat route takes the template from the model; before, it has Alpaca's for all. */
  knowsTemplate: boolean;
  /** Since 1.88 the chat route holds answers to a schema. */
  holdsSchema: boolean;
  /** Since 1.102.3 the chat route continues a last assistant message. */
  canPrefill: boolean;
}

export type KoboldCppServer = ReturnType<typeof koboldCppServer>;

/** The routes of a KoboldCpp beside those on which a model answers. */
export function koboldCppServer({ http, secret }: Resources, baseUrl: string) {
  const about = askedOnce(askAbout);

  return { about, askAbout, headers, get, post, abort, loadedModel, contextWindow, chatTemplate, countTokens, room };

  async function askAbout(signal: AbortSignal): Promise<About> {
    return readAbout(await get('/api/extra/version', signal));
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
    return await jsonAnswer(response, new URL(baseUrl).host, koboldCppService.label);
  }

  /** KoboldCpp notices a closed connection only when it next writes, so it is told; nobody waits for the answer. */
  function abort(genkey: string): void {
    void stop(genkey, AbortSignal.timeout(abortMs)).catch(() => undefined);
  }

  /**
   * It says no while it does not know the run by its name yet: it has just come, or the model is first asked whether a
   * tool is needed. Then it is told again, until it takes it or rests.
   */
  async function stop(genkey: string, signal: AbortSignal): Promise<void> {
    for (let waitMs = againMs; ; waitMs *= 1.5) {
      const { success } = await post('/api/extra/abort', { genkey }, signal);
      if (success !== 'false') return;
      await sleep(waitMs, signal);
      const { idle } = await get('/api/extra/perf', signal);
      if (idle === 1) return;
    }
  }

  /** `inactive` is its word for no model. */
  async function loadedModel(signal: AbortSignal): Promise<string | undefined> {
    const { result } = await get('/api/v1/model', signal);
    return typeof result === 'string' && result !== '' && result !== 'inactive' ? result : undefined;
  }

  async function contextWindow(signal: AbortSignal): Promise<number | undefined> {
    const { value } = await get('/api/extra/true_max_context_length', signal);
    return typeof value === 'number' && value > 0 ? value : undefined;
  }

  /** One answer at a time; the others wait in line. */
  async function room(signal: AbortSignal): Promise<Room> {
    const { queue, idle } = await get('/api/extra/perf', signal);
    return { total: 1, ...(typeof queue === 'number' && { busy: queue + (idle === 0 ? 1 : 0) }) };
  }

  /** The model's own template since 1.79, its name before. */
  async function chatTemplate(signal: AbortSignal): Promise<string> {
    const props = await get('/props', signal).catch((): Record<string, unknown> => ({}));
    return typeof props.chat_template === 'string' && props.chat_template !== ''
      ? props.chat_template
      : ((await loadedModel(signal)) ?? '');
  }

  /** It says 0 for more than about 50,000 tokens, so long texts are counted in halves. */
  async function countTokens(prompt: string, signal: AbortSignal): Promise<number> {
    const { value } = await post('/api/extra/tokencount', { prompt }, signal);
    if (typeof value !== 'number' || value < 0)
      throw new SwitchboardError('bad-response', `${new URL(baseUrl).host} did not count the tokens.`);
    if (value > 0 || prompt.length < 1000) return value;
    const middle = prompt.length >> 1;
    return (await countTokens(prompt.slice(0, middle), signal)) + (await countTokens(prompt.slice(middle), signal));
  }
}

function readAbout(answer: Record<string, unknown>): About {
  const version = typeof answer.version === 'string' ? answer.version : '1.0';
  const holdsSchema = isAtLeast(version, '1.88');
  const abilities: Ability[] = ['chat', 'text', 'schema'];
  if (holdsSchema) abilities.push('tools');
  if (answer.vision === true) abilities.push('images');
  if (answer.audio === true) abilities.push('audio');
  if (answer.embeddings === true) abilities.push('embed');
  return { version, abilities, holdsSchema, knowsTemplate: isAtLeast(version, '1.83'), canPrefill: isAtLeast(version, '1.102.3') };
}

const againMs = 300;
/** The question of the tools takes a while on a slow machine. */
const abortMs = 60_000;
