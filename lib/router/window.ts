import type { Engine } from '../backends/backend.ts';
import type { Connection } from '../connections/connection.ts';
import type { ModelLists } from './model-lists.ts';

interface Asked {
  connection: Connection;
  model: string;
  engine: Engine;
  lists: ModelLists;
}

/** Tokens of prompt and answer together: what the user says, what the backend lists, what it says when asked. */
export async function windowOf({ connection, model, engine, lists }: Asked, signal: AbortSignal): Promise<number | undefined> {
  const known = connection.generation?.contextWindow ?? (await lists.info(connection, model))?.contextWindow;
  return known ?? (await engine.contextWindow?.(model, signal).catch(() => undefined));
}
