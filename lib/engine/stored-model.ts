import type { Ability, ModelInfo } from '../protocol/model.ts';

/** A GGUF model this browser holds: Pocket, which is in the package, and those the user added. */
export interface StoredModel {
  /** Safe as a file name and as `model` of a request. */
  id: string;
  name: string;
  sizeBytes: number;
  source: 'package' | 'file' | 'url';
  url?: string;
  /** Milliseconds since 1970; 0 for the model in the package. */
  addedAt: number;
  /** Tokens of prompt and answer together, as the engine will open it. */
  contextWindow?: number;
  abilities?: Ability[];
  isDemo?: true;
}

/** The demo model in the package (public/models). Always listed, never removed. */
export const pocket: StoredModel = {
  id: 'pocket',
  name: 'Pocket (demo model)',
  sizeBytes: 1_700_000,
  source: 'package',
  addedAt: 0,
  contextWindow: 1024,
  abilities: ['chat', 'text', 'schema'],
  isDemo: true,
};

/** Where the package holds Pocket, from any page or worker of the extension. */
export const pocketUrl = '/models/pocket.gguf';

/** The model as the backend lists it. */
export function modelInfo(model: StoredModel): ModelInfo {
  return {
    id: model.id,
    name: model.name,
    sizeBytes: model.sizeBytes,
    ...(model.isDemo && { description: 'A very small model that shows how Switchboard works. Connect a larger one for real work.' }),
    ...(model.contextWindow !== undefined && { contextWindow: model.contextWindow }),
    ...(model.abilities && { abilities: model.abilities }),
  };
}

/** True when the model only makes embeddings. */
export function isEmbedder(model: StoredModel): boolean {
  return model.abilities?.length === 1 && model.abilities[0] === 'embed';
}
