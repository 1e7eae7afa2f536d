import type { AccountInfo, Offer } from '../backend.ts';
import type { TabbyServer } from './server.ts';

/** What the key may do, and which template and sampler preset the server has in use and on offer, in one note. */
export async function tabbyAccount(server: TabbyServer, baseUrl: string, signal: AbortSignal): Promise<AccountInfo> {
  const [permission, templates, overrides] = await Promise.all([
    server.permission(signal),
    askList(server, `${baseUrl}/v1/template/list`, signal).catch(nothing),
    askList(server, `${baseUrl}/v1/sampling/override/list`, signal).catch(nothing),
  ]);
  const sentences = [
    permission === 'admin' ? 'This key may load and unload models.' : 'This key may use the loaded model only.',
    ...named('Templates', templates.data),
    ...(typeof overrides.selected_preset === 'string' ? [`Sampler preset in use: ${overrides.selected_preset}.`] : []),
    ...named('Sampler presets', overrides.presets),
  ];
  return { note: sentences.join(' ') };
}

/** The names the server has for a field of the settings. */
export async function tabbyOffers(server: TabbyServer, baseUrl: string, field: string, signal: AbortSignal): Promise<Offer[]> {
  const names =
    field === 'samplerPreset'
      ? (await askList(server, `${baseUrl}/v1/sampling/override/list`, signal)).presets
      : (await askList(server, `${baseUrl}/v1/template/list`, signal)).data;
  return texts(names).map((value) => ({ value }));
}

function askList(server: TabbyServer, url: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const key = server.adminHeaders()['x-admin-key'];
  return server.askJson(url, signal, key ? { headers: { 'x-api-key': key } } : {});
}

function named(what: string, names: unknown): string[] {
  const known = texts(names).slice(0, 20);
  return known.length > 0 ? [`${what}: ${known.join(', ')}.`] : [];
}

function texts(names: unknown): string[] {
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

function nothing(): Record<string, unknown> {
  return {};
}
