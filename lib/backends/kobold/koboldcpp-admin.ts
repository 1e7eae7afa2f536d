import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { Resources } from '../backend.ts';
import { sleep } from '../sleep.ts';
import { type KoboldCppServer, koboldCppService } from './koboldcpp-server.ts';

/** Changing the model of a KoboldCpp started with `--admin`: it restarts itself, so the answer is to wait until it is back. */
export function koboldCppAdmin({ http, secret }: Resources, baseUrl: string, server: KoboldCppServer) {
  const { host } = new URL(baseUrl);
  return { options, load, unload };

  /** Files of the admin folder; none where the server has no such folder or the admin password is missing. */
  async function options(signal: AbortSignal): Promise<string[]> {
    const response = await http.request(`${baseUrl}/api/admin/list_options`, {
      headers: headers(),
      signal,
      accept: [401, 403, 404],
      service: koboldCppService,
    });
    const names: unknown = response.ok ? await response.json().catch(() => []) : [];
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string' && !special.has(name)) : [];
  }

  async function* load(filename: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
    yield* restarting(filename, signal);
    if (!(await server.loadedModel(signal)))
      throw new SwitchboardError('backend-error', `KoboldCpp at ${host} came back without a model. Its window says why.`);
  }

  async function unload(signal: AbortSignal): Promise<void> {
    for await (const _ of restarting('unload_model', signal));
  }

  /** Asks for another file, and ends when the server is back. */
  async function* restarting(filename: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
    yield [{ type: 'loading', what: filename }];
    const asked = performance.now();
    await reload(filename, signal);
    for (;;) {
      await sleep(pollMs, signal);
      const seconds = (performance.now() - asked) / 1000;
      if (await hasRestarted(seconds, signal)) break;
      if (seconds > patienceSeconds) throw new SwitchboardError('timeout', `KoboldCpp at ${host} has not come back. Look at its window.`);
      yield [{ type: 'loading', what: filename }];
    }
    server.about.forget();
  }

  async function reload(filename: string, signal: AbortSignal): Promise<void> {
    const response = await http.request(`${baseUrl}/api/admin/reload_config`, {
      headers: headers(),
      json: { filename },
      signal,
      accept: [401, 403, 404],
      service: koboldCppService,
    });
    const { success } = (response.ok ? await response.json().catch(() => ({})) : {}) as { success?: unknown };
    if (success === true) return;
    throw new SwitchboardError(
      'not-supported',
      'The model server did not change its model. Start KoboldCpp with --admin --admindir, and enter its admin password in the connection.',
    );
  }

  /** It goes on answering for a moment before it restarts; its own clock begins again when it has. */
  async function hasRestarted(seconds: number, signal: AbortSignal): Promise<boolean> {
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
      const { uptime } = await server.get('/api/extra/perf', limited);
      return typeof uptime !== 'number' || uptime < seconds;
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
const pollMs = 1000;
const answerMs = 5000;
const patienceSeconds = 900;
