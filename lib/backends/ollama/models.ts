import type { Ability, ModelInfo } from '../../protocol/model.ts';
import { byName } from '../by-name.ts';
import { reachableContext } from './context.ts';
import { entriesOf, factsOf, loadedContexts, type OllamaAnswer } from './facts.ts';

export interface OllamaLists {
  /** `/api/tags`: what is on disk. */
  tags: OllamaAnswer;
  /** `/api/ps`: what is loaded. */
  running: OllamaAnswer;
  /** The user's setting for the context. */
  setting?: number | undefined;
  show(model: string): Promise<OllamaAnswer>;
}

/** The models of the lists. Abilities are in them since 2026; older versions are asked model by model, a few at a time. */
export async function ollamaModels({ tags, running, setting, show }: OllamaLists): Promise<ModelInfo[]> {
  const loaded = loadedContexts(running);
  const models = new Map<string, ModelInfo>();
  const waiting = entriesOf(tags).slice(0, maxModels);
  const worker = async () => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      const { name, size } = entry;
      if (typeof name !== 'string' || models.has(name)) continue;
      // Held before the question, so that the order stays that of the list.
      models.set(name, { id: name });
      const told = Array.isArray(entry.capabilities) ? entry : { ...entry, ...(await show(name).catch(() => ({}) as OllamaAnswer)) };
      const facts = factsOf(told);
      const contextWindow = reachableContext({ facts, setting, loaded: loaded.get(name) });
      models.set(name, {
        id: name,
        loaded: loaded.has(name),
        ...(typeof size === 'number' && { sizeBytes: size }),
        ...(facts.capabilities && { abilities: abilitiesOf(facts.capabilities) }),
        ...(contextWindow !== undefined && { contextWindow }),
      });
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return [...models.values()];
}

function abilitiesOf(capabilities: string[]): Ability[] {
  return [...new Set(capabilities.flatMap((capability) => known[capability] ?? []))];
}

/** A model may hear, but Ollama's own route takes no sound. */
const known = byName<Ability[]>({
  completion: ['chat', 'text', 'schema'],
  tools: ['tools'],
  vision: ['images'],
  thinking: ['thinking'],
  embedding: ['embed'],
});

const maxModels = 1000;
