import type { ModelInfo } from '../../lib/protocol/model.ts';

/** What a list of models can be narrowed down to. `text-only`: it continues text and knows no chat. */
export const modelKinds = ['images', 'tools', 'thinking', 'embed', 'text-only', 'loaded', 'free'] as const;
export type ModelKind = (typeof modelKinds)[number];

/** The models that hold every word of a search, in id, name or description, and are of the kind. */
export function filterModels(models: readonly ModelInfo[], search: string, kind: ModelKind | undefined): ModelInfo[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter((model) => {
    const text = `${model.id} ${model.name ?? ''} ${model.description ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word)) && (kind === undefined || isOfKind(model, kind));
  });
}

/** The kinds that tell models of this list apart: one that none or all of them are of does not help. */
export function kindsOf(models: readonly ModelInfo[]): ModelKind[] {
  return modelKinds.filter((kind) => {
    const count = models.filter((model) => isOfKind(model, kind)).length;
    return count > 0 && count < models.length;
  });
}

/** It can be talked to, as far as anybody knows: a model for embeddings cannot. */
export function canAnswer({ abilities }: ModelInfo): boolean {
  return !abilities || abilities.includes('chat') || abilities.includes('text');
}

export function isOfKind({ abilities = [], loaded, price }: ModelInfo, kind: ModelKind): boolean {
  if (kind === 'loaded') return loaded === true;
  if (kind === 'free') return price !== undefined && price.inputMicroUsdPerMillion + price.outputMicroUsdPerMillion === 0;
  if (kind === 'text-only') return abilities.includes('text') && !abilities.includes('chat');
  return abilities.includes(kind);
}
