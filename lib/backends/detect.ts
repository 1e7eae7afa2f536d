import type { JsonObject } from '../protocol/json.ts';
import type { Backend, Detected } from './backend.ts';
import { createHttp } from './http.ts';
import { knownLocalAddresses } from './known-addresses.ts';
import { placeOf } from './place.ts';
import { type ProbeOptions, probe } from './probe.ts';
import { getBackend, useKit } from './registry.ts';
import type { Finding } from './server-marks.ts';
import { normaliseBaseUrl } from './url.ts';

export interface DetectOptions {
  signal: AbortSignal;
  fetch?: typeof fetch;
  /** Sent only to list models, and only once the server asked for one. */
  key?: string;
}

/**
 * What answers at an address, told by what it says and not by its port: nothing or one entry. Throws what is wrong with
 * the address, and `unreachable` where nothing answers at all.
 */
export async function detect(input: string, { signal, fetch, key }: DetectOptions): Promise<Detected[]> {
  const typedUrl = normaliseBaseUrl(input);
  const cloud = cloudAt(new URL(typedUrl).hostname);
  if (cloud) return [{ backend: cloud.id, baseUrl: typedUrl, models: [], needsKey: true }];
  const { finding, baseUrl } = await probeEither(typedUrl, { signal, ...(fetch && { fetch }) });
  return finding ? [await withModels(finding, baseUrl, { signal, ...(fetch && { fetch }), ...(key !== undefined && { key }) })] : [];
}

/** The servers that answer on this device right now. No key is sent, and nothing but the known ports is asked. */
export async function discover({ signal, fetch }: Omit<DetectOptions, 'key'>): Promise<Detected[]> {
  const found = await Promise.all(
    knownLocalAddresses.map(async (baseUrl) => {
      try {
        const finding = await probe(baseUrl, { signal, ...(fetch && { fetch }), firstAnswerMs: 400 });
        return finding && (await withModels(finding, baseUrl, { signal, ...(fetch && { fetch }) }));
      } catch {
        return undefined;
      }
    }),
  );
  return found.filter((each) => each !== undefined);
}

/** Servers of this device speak plain http, whatever was typed; what leaves the device keeps the scheme it was given. */
async function probeEither(baseUrl: string, options: ProbeOptions): Promise<{ finding: Finding | undefined; baseUrl: string }> {
  try {
    return { finding: await probe(baseUrl, options), baseUrl };
  } catch (error) {
    if (!baseUrl.startsWith('https:') || placeOf(baseUrl) !== 'device') throw error;
    const plainUrl = baseUrl.replace('https:', 'http:');
    const finding = await probe(plainUrl, options).catch(() => undefined);
    if (!finding) throw error;
    return { finding, baseUrl: plainUrl };
  }
}

/** Clouds have one address each, and need no question. */
function cloudAt(hostname: string): Backend | undefined {
  return useKit().availableBackends.find(
    ({ group, preset }) => group === 'cloud' && preset.baseUrl !== undefined && new URL(preset.baseUrl).hostname === hostname,
  );
}

async function withModels(
  { backend, version, needsKey, config = {} }: Finding,
  baseUrl: string,
  { signal, fetch, key }: DetectOptions,
): Promise<Detected> {
  // Servers without a backend of their own are reached by their OpenAI-shaped routes.
  const isAvailable = useKit().availableBackends.some(({ id }) => id === backend);
  const id = isAvailable ? backend : 'custom';
  const found: Detected = {
    backend: id,
    baseUrl,
    models: [],
    ...(isAvailable && Object.keys(config).length > 0 && { config }),
    ...(version !== undefined && { version }),
    ...(needsKey && { needsKey }),
  };
  if (needsKey && key === undefined) return found;
  const engine = openUnsaved(getBackend(id), { ...found.config, baseUrl }, needsKey ? key : undefined, fetch);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(listMs)]);
  return { ...found, models: (await engine.models?.(limited).catch(() => [])) ?? [] };
}

function openUnsaved(
  backend: Backend,
  given: JsonObject & { baseUrl: string },
  key: string | undefined,
  fetch: typeof globalThis.fetch | undefined,
) {
  const config = backend.schema.parse({ ...backend.preset, ...given });
  const secrets = () => (key === undefined ? [] : [key]);
  const http = createHttp({ allowedOrigins: backend.hosts(config), secrets, place: placeOf(given.baseUrl), ...(fetch && { fetch }) });
  return backend.open(config, { http, secret: () => key });
}

const listMs = 5_000;
