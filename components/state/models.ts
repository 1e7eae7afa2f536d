import { signal } from '@preact/signals';
import { cachedModels, watchModelCache } from '../../lib/connections/model-cache.ts';
import { request } from '../../lib/panel/background.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import type { ModelInfo } from '../../lib/protocol/model.ts';

/** What is known of a connection's models, and whether it answered when it was last asked. */
export interface Health {
  state: 'unknown' | 'checking' | 'ok' | 'bad';
  error?: ErrorData;
}

const lists = signal<Readonly<Record<string, ModelInfo[]>>>({});
const healths = signal<Readonly<Record<string, Health>>>({});

/** The models a connection listed last; undefined where it never did. */
export function modelsOf(connectionId: string): ModelInfo[] | undefined {
  return lists.value[connectionId];
}

export function healthOf(connectionId: string): Health {
  return healths.value[connectionId] ?? { state: 'unknown' };
}

/** A model by its id; without one the first that is listed. */
export function modelNamed(connectionId: string, id: string | undefined): ModelInfo | undefined {
  const models = modelsOf(connectionId);
  return id === undefined ? models?.[0] : models?.find((model) => model.id === id);
}

/** Reads the list of last time, without asking the backend. */
export async function recallModels(connectionId: string): Promise<void> {
  const known = await cachedModels(connectionId).catch(() => undefined);
  if (known) put(connectionId, known);
}

/** Asks the backend now: proves that it answers, and brings its models up to date. */
export async function checkConnection(connectionId: string): Promise<void> {
  setHealth(connectionId, { state: 'checking' });
  try {
    put(connectionId, await request('connections.models', { connectionId, refresh: true }));
    setHealth(connectionId, { state: 'ok' });
  } catch (thrown) {
    setHealth(connectionId, { state: 'bad', error: errorData(toSwitchboardError(thrown)) });
  }
}

/** Keeps the lists up to date while the page is open; returns its undo. */
export function followModels(): () => void {
  return watchModelCache(put);
}

function put(connectionId: string, models: ModelInfo[]): void {
  lists.value = { ...lists.value, [connectionId]: models };
}

export function setHealth(connectionId: string, health: Health): void {
  healths.value = { ...healths.value, [connectionId]: health };
}
