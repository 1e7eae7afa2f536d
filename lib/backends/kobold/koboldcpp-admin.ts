import { SwitchboardError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { Resources } from '../backend.ts';
import { sleep } from '../sleep.ts';
import { koboldCppService } from './koboldcpp-server.ts';

/** Changing the model of a KoboldCpp started with `--admin`: it restarts itself, so the answer is to wait until it is back. */
export function koboldCppAdmin({ http, secret }: Resources, baseUrl: string) {
  return { options, load };

  /** Files of the admin folder; empty where the server has none or the admin password is missing. */
  async function options(signal: AbortSignal): Promise<ModelInfo[]> {
    const response = await http.request(`${baseUrl}/api/admin/list_options`, { headers: headers(), signal, accept: [401, 403, 404] });
    const names: unknown = response.ok ? await response.json().catch(() => []) : [];
    if (!Array.isArray(names)) return [];
    return names.filter((name): name is string => typeof name === 'string' && !special.has(name)).map((id) => ({ id, loaded: false }));
  }

  async function* load(filename: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const host = new URL(baseUrl).host;
    yield [{ type: 'loading', what: filename }];
    const response = await http.request(`${baseUrl}/api/admin/reload_config`, {
      headers: headers(),
      json: { filename },
      signal,
      service: koboldCppService,
    });
    const { success } = (await response.json().catch(() => ({}))) as { success?: unknown };
    if (success !== true)
      throw new SwitchboardError(
        'not-supported',
        `KoboldCpp at ${host} did not change its model. Start it with --admin --admindir, and enter its admin password in the connection.`,
      );
    // It goes on answering for a moment before it restarts.
    await sleep(settleMs, signal);
    for (let waited = 0; waited < loadMs; waited += pollMs) {
      if (await isBack(signal)) return;
      yield [{ type: 'loading', what: filename }];
      await sleep(pollMs, signal);
    }
    throw new SwitchboardError(
      'timeout',
      `KoboldCpp at ${host} has not come back with the new model after 10 minutes. Look at its window.`,
    );
  }

  async function isBack(signal: AbortSignal): Promise<boolean> {
    try {
      const response = await http.request(`${baseUrl}/api/v1/model`, { headers: headers(), signal, headersTimeout: pollMs * 2 });
      const { result } = (await response.json()) as { result?: unknown };
      return typeof result === 'string' && result !== 'inactive';
    } catch (error) {
      if (signal.aborted) throw error;
      return false;
    }
  }

  function headers(): Record<string, string> {
    const password = secret('adminKey') ?? secret();
    return password ? { authorization: `Bearer ${password}` } : {};
  }
}

const special = new Set(['unload_model', 'initial_model']);
const settleMs = 3000;
const pollMs = 1500;
const loadMs = 600_000;
