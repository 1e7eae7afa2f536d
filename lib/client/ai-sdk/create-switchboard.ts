import type { SwitchboardProvider } from '../../protocol/provider.ts';
import { type GetAIOptions, requireAI } from '../get-ai.ts';
import { createEmbeddingModel } from './embedding-model.ts';
import { noSuchModel } from './errors.ts';
import { createLanguageModel } from './language-model.ts';
import type { EmbeddingModel, LanguageModel } from './spec.ts';

export { type BrowserFamily, type InstallLinks, NotInstalledError } from '../not-installed.ts';
export type { SwitchboardOptions } from './request.ts';
export type { EmbeddingModel, LanguageModel } from './spec.ts';

export interface SwitchboardSettings extends Omit<GetAIOptions, 'signal'> {
  /** Where the page has found it already. */
  provider?: SwitchboardProvider | undefined;
}

/** A provider of the AI SDK (specification v3): `switchboard()` is the model that the user chose. */
export interface SwitchboardModels {
  (modelId?: string): LanguageModel;
  readonly specificationVersion: 'v3';
  languageModel(modelId?: string): LanguageModel;
  embeddingModel(modelId?: string): EmbeddingModel;
  /** The name that older versions of the SDK use. */
  textEmbeddingModel(modelId?: string): EmbeddingModel;
  /** There are none: throws the SDK's `NoSuchModelError`. */
  imageModel(modelId: string): never;
}

/**
 * The user's own models for the AI SDK, 6 and 7. Nothing is looked for before the first call, which rejects with a
 * `NotInstalledError` where Switchboard is missing. Failed calls are the SDK's `APICallError` with our `code`.
 */
export function createSwitchboard({ provider, ...options }: SwitchboardSettings = {}): SwitchboardModels {
  let found: Promise<SwitchboardProvider> | undefined = provider && Promise.resolve(provider);
  // A page may be told to look again: people install it while the page is open.
  const find = () => {
    found ??= requireAI(options).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
  const languageModel = (modelId = 'default') => createLanguageModel(modelId, find);
  const embeddingModel = (modelId = 'default') => createEmbeddingModel(modelId, find);
  return Object.assign((modelId?: string) => languageModel(modelId), {
    specificationVersion: 'v3' as const,
    languageModel,
    embeddingModel,
    textEmbeddingModel: embeddingModel,
    imageModel(modelId: string): never {
      throw noSuchModel(modelId, 'imageModel');
    },
  });
}
