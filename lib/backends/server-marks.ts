import type { JsonObject } from '../protocol/json.ts';
import type { BackendId } from './backend.ts';
import { isObject } from './openai-shaped/wire.ts';

/** Which server answers, and what it says of itself. */
export interface Finding {
  backend: BackendId;
  /** `KoboldCpp 1.111` */
  version?: string;
  needsKey?: boolean;
  /** Settings of the backend that follow from what answered. */
  config?: JsonObject;
}

/** What a server said at one path. */
export interface Answer {
  /** 0 where there was none. */
  status: number;
  headers: Headers;
  text: string;
  /** An empty object where it was none. */
  json: Record<string, unknown>;
  error?: unknown;
}

export type Judge = (at: (path: string) => Answer) => Finding | undefined;

/** What every server is asked. */
export const paths = [
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

/** One for each kind of server, the most telling first and the one that fits everybody last: servers answer each other's routes. */
export const judges: Judge[] = [
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
    // Started without --listen, it refuses whoever calls it by another name, and says so in a way of its own.
    const refusesName = info.status === 400 && info.json.detail === 'Invalid host header';
    if ('model_name' in info.json || refusesName) return { backend: 'oobabooga', version: 'text-generation-webui' };
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
    return isOld || isNew || refuses || asksForToken(at)
      ? { backend: 'lmstudio', version: 'LM Studio', ...keyed(at('/v1/models')) }
      : undefined;
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
    const isOld = typeof result === 'string' || ('result' in at('/api/v1/model').json && result === null);
    return isOld ? { backend: 'oobabooga', version: 'text-generation-webui (old API)', config: { api: 'legacy' } } : undefined;
  },
  function openAiShaped(at) {
    const answers = [at('/v1/models'), at('/models')];
    if (answers.some((answer) => Array.isArray(answer.json.data))) return { backend: 'custom' };
    return answers.some(({ status, text }) => (status === 401 || status === 403) && text.startsWith('{'))
      ? { backend: 'custom', needsKey: true }
      : undefined;
  },
];

/** LM Studio with a token set: an Express server that asks for it at both of its own lists, in OpenAI's words. */
function asksForToken(at: (path: string) => Answer): boolean {
  const lists = [at('/api/v0/models'), at('/api/v1/models'), at('/v1/models')];
  return lists.every(({ status, headers, text }) => {
    return status === 401 && headers.get('x-powered-by') === 'Express' && text.includes('invalid_api_key');
  });
}

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
