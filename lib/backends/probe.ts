import { SwitchboardError } from '../protocol/errors.ts';
import type { BackendId } from './backend.ts';
import { createHttp } from './http.ts';
import { isObject } from './openai-shaped/wire.ts';
import { placeOf } from './place.ts';

/** Which server answers, and what it says of itself. */
export interface Finding {
  backend: BackendId;
  /** `KoboldCpp 1.111` */
  version?: string;
  needsKey?: boolean;
}

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

interface Answer {
  /** 0 where there was none. */
  status: number;
  headers: Headers;
  text: string;
  /** An empty object where it was none. */
  json: Record<string, unknown>;
  error?: unknown;
}

type Judge = (at: (path: string) => Answer) => Finding | undefined;

const paths = [
  '/api/extra/version',
  '/v1/internal/model/info',
  '/v1/model',
  '/api/v0/models',
  '/api/v1/models',
  '/props',
  '/',
  '/api/version',
  '/version',
  '/api/v1/info/version',
  '/api/v1/model',
  '/v1/models',
  '/models',
];

/** In this order: the most telling first, the one that fits everybody last. */
const judges: Judge[] = [
  function tabbyApi(at) {
    const { name, version } = softwareOf(at('/.well-known/serviceinfo'));
    const model = at('/v1/model');
    const said = typeof model.json.detail === 'string' ? model.json.detail : '';
    const isTabby =
      name === 'TabbyAPI' ||
      model.json.owned_by === 'tabbyAPI' ||
      (isObject(model.json.parameters) && 'max_seq_len' in model.json.parameters) ||
      /provide an API key|no models are currently loaded/i.test(said);
    return isTabby ? { backend: 'tabbyapi', version: named('TabbyAPI', version), ...keyed(model, at('/v1/models')) } : undefined;
  },
  function koboldCpp(at) {
    const { result, version, protected: isProtected } = at('/api/extra/version').json;
    const isKobold = result === 'KoboldCpp' || softwareOf(at('/.well-known/serviceinfo')).name === 'KoboldCpp';
    return isKobold
      ? { backend: 'koboldcpp', version: named('KoboldCpp', version), ...(isProtected === true && { needsKey: true }) }
      : undefined;
  },
  function textGenerationWebUi(at) {
    const info = at('/v1/internal/model/info');
    if ('model_name' in info.json) return { backend: 'oobabooga', version: 'text-generation-webui' };
    return info.status === 401 && info.json.detail === 'Unauthorized'
      ? { backend: 'oobabooga', version: 'text-generation-webui', needsKey: true }
      : undefined;
  },
  function lmStudio(at) {
    const { data } = at('/api/v0/models').json;
    const { models } = at('/api/v1/models').json;
    const isOld = Array.isArray(data) && data.some((entry) => isObject(entry) && ('compatibility_type' in entry || 'state' in entry));
    const isNew = Array.isArray(models) && models.some((entry) => isObject(entry) && 'loaded_instances' in entry);
    // With nothing downloaded the lists are empty, and only its way of refusing tells.
    const refuses = /unexpected endpoint or method/i.test(at('/api/extra/version').text);
    return isOld || isNew || refuses ? { backend: 'lmstudio', version: 'LM Studio', ...keyed(at('/v1/models')) } : undefined;
  },
  function llamaCpp(at) {
    const props = at('/props');
    const isNamed = props.headers.get('server') === 'llama.cpp' || at('/v1/models').headers.get('server') === 'llama.cpp';
    if (!isNamed && !('default_generation_settings' in props.json && 'build_info' in props.json)) return undefined;
    return { backend: 'llamacpp', version: named('llama.cpp', props.json.build_info), ...keyed(props, at('/v1/models')) };
  },
  function ollama(at) {
    if (at('/').text.trim() !== 'Ollama is running') return undefined;
    return { backend: 'ollama', version: named('Ollama', at('/api/version').json.version) };
  },
  function vLlm(at) {
    const { version } = at('/version').json;
    const models = at('/v1/models');
    const isListed = listOf(models).some((entry) => entry.owned_by === 'vllm');
    // Behind a key the list says nothing, but the version is open and the refusal has a shape of its own.
    const isRefused = typeof version === 'string' && models.status === 401 && models.json.error === 'Unauthorized';
    return isListed || isRefused ? { backend: 'vllm', version: named('vLLM', version), ...keyed(models) } : undefined;
  },
  function koboldAi(at) {
    const { result } = at('/api/v1/info/version').json;
    return typeof result === 'string' ? { backend: 'koboldai', version: `KoboldAI (API ${result})` } : undefined;
  },
  function oldTextGenerationWebUi(at) {
    const { result } = at('/api/v1/model').json;
    return typeof result === 'string' ? { backend: 'oobabooga', version: 'text-generation-webui (old API)' } : undefined;
  },
  function openAiShaped(at) {
    const answers = [at('/v1/models'), at('/models')];
    if (answers.some((answer) => Array.isArray(answer.json.data))) return { backend: 'custom' };
    return answers.some(({ status, text }) => (status === 401 || status === 403) && text.startsWith('{'))
      ? { backend: 'custom', needsKey: true }
      : undefined;
  },
];

function softwareOf({ json }: Answer): { name?: unknown; version?: unknown } {
  return isObject(json.software) ? json.software : {};
}

function listOf({ json }: Answer): Record<string, unknown>[] {
  return Array.isArray(json.data) ? json.data.filter(isObject) : [];
}

function keyed(...answers: Answer[]): { needsKey?: true } {
  return answers.some(({ status }) => status === 401) ? { needsKey: true } : {};
}

function named(name: string, version: unknown): string {
  return typeof version === 'string' && version.length < 40 ? `${name} ${version}` : name;
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
