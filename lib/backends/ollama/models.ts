import type { Ability, ModelInfo } from '../../protocol/model.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** An object Ollama answered with; what it holds depends on its version. */
export type OllamaAnswer = Record<string, unknown>;

/**
 * The models of `/api/tags` and of `/api/ps`. Abilities are in the list since 2026; older versions are asked model by
 * model, a few at a time.
 */
export async function ollamaModels(
  tags: OllamaAnswer,
  running: OllamaAnswer,
  show: (model: string) => Promise<OllamaAnswer>,
): Promise<ModelInfo[]> {
  const windows = loadedWindows(running);
  const models = new Map<string, ModelInfo>();
  const waiting = entriesOf(tags).slice(0, maxModels);
  const worker = async () => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      const { name, size } = entry;
      if (typeof name !== 'string' || models.has(name)) continue;
      const isLoaded = windows.has(name);
      // Held before the question, so that the order stays that of the list.
      models.set(name, { id: name });
      const told = Array.isArray(entry.capabilities) ? entry : await show(name).catch(() => ({}) as OllamaAnswer);
      const abilities = abilitiesOf(told.capabilities);
      const contextWindow = windows.get(name) ?? wantedWindow(told);
      models.set(name, {
        id: name,
        loaded: isLoaded,
        ...(typeof size === 'number' && { sizeBytes: size }),
        ...(abilities && { abilities }),
        ...(contextWindow !== undefined && { contextWindow }),
      });
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return [...models.values()];
}

/** The real context window of each model that is loaded; smaller than what the model could have. */
export function loadedWindows(running: OllamaAnswer): Map<string, number | undefined> {
  return new Map(
    entriesOf(running).map(({ name, context_length: window }) => [
      String(name),
      typeof window === 'number' && window > 0 ? window : undefined,
    ]),
  );
}

/** `num_ctx` of the model's own parameters, which are lines of text. */
export function wantedWindow({ parameters }: OllamaAnswer): number | undefined {
  const found = typeof parameters === 'string' ? /^num_ctx\s+(\d+)/m.exec(parameters)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
}

function entriesOf({ models }: OllamaAnswer): OllamaAnswer[] {
  return Array.isArray(models) ? models.filter(isObject) : [];
}

function abilitiesOf(capabilities: unknown): Ability[] | undefined {
  if (!Array.isArray(capabilities)) return undefined;
  const abilities = capabilities.flatMap((capability) => (typeof capability === 'string' ? (known[capability] ?? []) : []));
  return [...new Set(abilities)];
}

const known: Record<string, Ability[]> = {
  completion: ['chat', 'text', 'schema'],
  tools: ['tools'],
  vision: ['images'],
  audio: ['audio'],
  thinking: ['thinking'],
  embedding: ['embed'],
};

const maxModels = 1000;
