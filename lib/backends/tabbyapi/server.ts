import { SwitchboardError } from '../../protocol/errors.ts';
import type { Ability, ModelInfo } from '../../protocol/model.ts';
import type { Resources, Service } from '../backend.ts';
import { openShape } from '../openai-shaped/engine.ts';
import { listedModels } from '../openai-shaped/models.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { isObject } from '../openai-shaped/wire.ts';
import { explainingTabby } from './refusals.ts';
import { tabbySamplers } from './samplers.ts';

export const tabbyService: Service = { label: 'TabbyAPI', startHint: 'Start TabbyAPI.' };

export const tabbyQuirks: Quirks = {
  service: tabbyService,
  samplers: tabbySamplers,
  // Its grammars are written in another language (KBNF), so ours find no field here.
  regex: 'regex_pattern',
  audioFormats: [],
  wholeTools: 'described',
  logprobsNumber: true,
  thoughtField: 'reasoning_content',
  thinkTags: true,
};

export type TabbyServer = ReturnType<typeof tabbyServer>;

/** What TabbyAPI has loaded, what it could load, and what each of the two keys may see of that. */
export function tabbyServer(resources: Resources, baseUrl: string) {
  const { host } = new URL(baseUrl);
  const adminKey = resources.secret('adminKey');
  // An admin key opens the ordinary routes too, so one of the two is enough.
  const secret = (name = 'key') => resources.secret(name) ?? (name === 'key' ? adminKey : undefined);
  const secrets = [secret(), adminKey].filter((each) => each !== undefined);
  const http = explainingTabby(resources.http, () => ({ ...shape.errorContext(), secrets }));
  const shape = openShape({ ...resources, http, secret }, { root: `${baseUrl}/v1`, quirks: tabbyQuirks, toModel });

  return { ...shape, http, models, current, prove, permission, adminHeaders };

  /** An ordinary key sees the loaded model alone, an admin key every folder; which one is loaded, `/v1/model` tells. */
  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const [listed, loaded] = await Promise.all([list(signal), current(signal)]);
    const others = listed.filter(({ id }) => id !== loaded?.id).map((model) => ({ ...model, loaded: false }));
    return loaded ? [loaded, ...others] : others;
  }

  async function list(signal: AbortSignal): Promise<ModelInfo[]> {
    if (!adminKey) return await shape.models(signal);
    // Calls go on with the ordinary key where the other one is wrong; the test of the connection says so.
    const headers = { 'x-api-key': adminKey };
    const response = await http.request(`${baseUrl}/v1/model/list`, { headers, signal, service: tabbyService, accept: [401] });
    return response.ok ? listedModels(await response.text(), shape.errorContext(), toModel) : await shape.models(signal);
  }

  /** The loaded model; versions before April 2025 say 400 where newer ones say 503 that there is none. */
  async function current(signal: AbortSignal): Promise<ModelInfo | undefined> {
    const response = await shape.ask(`${baseUrl}/v1/model`, signal, { accept: [400, 503] });
    const card: unknown = response.ok ? await response.json() : undefined;
    if (!isObject(card) || typeof card.id !== 'string') return undefined;
    const parameters = isObject(card.parameters) ? card.parameters : {};
    const abilities: Ability[] = ['chat', 'text', 'tools', 'schema'];
    if (parameters.use_vision === true) abilities.push('images');
    const contextWindow = typeof parameters.max_seq_len === 'number' ? parameters.max_seq_len : undefined;
    return { id: card.id, loaded: true, abilities, ...(contextWindow && { contextWindow }) };
  }

  /** Throws what is wrong with either key. */
  async function prove(signal: AbortSignal): Promise<void> {
    await shape.models(signal);
    if (!adminKey || (await permission(signal)) === 'admin') return;
    throw new SwitchboardError(
      'unauthorized',
      `${host} does not take the admin key as one. Copy admin_key from its api_tokens.yml into the connection's settings.`,
    );
  }

  /** What the better of the two keys may do. */
  async function permission(signal: AbortSignal): Promise<string | undefined> {
    const key = adminKey ?? secret();
    const headers = key ? { 'x-api-key': key } : {};
    const response = await http.request(`${baseUrl}/v1/auth/permission`, { headers, signal, service: tabbyService, accept: [400, 401] });
    const answer: unknown = response.ok ? await response.json() : undefined;
    return isObject(answer) && typeof answer.permission === 'string' ? answer.permission : undefined;
  }

  function adminHeaders(): Record<string, string> {
    const key = adminKey ?? secret();
    return key ? { 'x-admin-key': key } : {};
  }
}

/** The dummy that some settings put first belongs to clients that insist on it. */
function toModel({ id }: Record<string, unknown>): ModelInfo | undefined {
  return typeof id === 'string' && id !== 'gpt-3.5-turbo' ? { id } : undefined;
}
