import type { AccountInfo } from '../backend.ts';
import type { TabbyServer } from './server.ts';

/** What the key may do, and which template and sampler preset the server has in use and on offer, in one note. */
export async function tabbyAccount(server: TabbyServer, baseUrl: string, signal: AbortSignal): Promise<AccountInfo> {
  const headers = server.adminHeaders();
  const init = headers['x-admin-key'] ? { headers: { 'x-api-key': headers['x-admin-key'] } } : {};
  const [permission, templates, overrides] = await Promise.all([
    server.permission(signal),
    server.askJson(`${baseUrl}/v1/template/list`, signal, init).catch(nothing),
    server.askJson(`${baseUrl}/v1/sampling/override/list`, signal, init).catch(nothing),
  ]);
  const sentences = [
    permission === 'admin' ? 'This key may load and unload models.' : 'This key may use the loaded model only.',
    ...named('Templates', templates.data),
    ...(typeof overrides.selected_preset === 'string' ? [`Sampler preset in use: ${overrides.selected_preset}.`] : []),
    ...named('Sampler presets', overrides.presets),
  ];
  return { note: sentences.join(' ') };
}

function named(what: string, names: unknown): string[] {
  const known = Array.isArray(names) ? names.filter((name) => typeof name === 'string').slice(0, 20) : [];
  return known.length > 0 ? [`${what}: ${known.join(', ')}.`] : [];
}

function nothing(): Record<string, unknown> {
  return {};
}
