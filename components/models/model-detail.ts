import type { ModelInfo } from '../../lib/protocol/model.ts';
import { bytes, money, windowSize } from '../text/format.ts';
import { t } from '../text/t.ts';
import { isOfKind } from './filter-models.ts';

/** What helps to choose a model, in a few words: context, what it can do, size, price, whether it is loaded. */
export function modelDetail(model: ModelInfo): string {
  return [modelFacts(model), model.loaded === false && t('notLoaded')].filter(Boolean).join(' · ');
}

/** The same of a model whose state is shown apart. */
export function modelFacts(model: ModelInfo): string {
  const { contextWindow, abilities, sizeBytes, price } = model;
  return [
    contextWindow !== undefined && t('context', { tokens: windowSize(contextWindow) }),
    abilities?.includes('images') && t('abilityImages'),
    abilities?.includes('tools') && t('abilityTools'),
    abilities?.includes('thinking') && t('abilityThinking'),
    abilities?.includes('embed') && t('abilityEmbed'),
    isOfKind(model, 'text-only') && t('abilityTextOnly'),
    sizeBytes !== undefined && bytes(sizeBytes),
    isOfKind(model, 'free')
      ? t('free')
      : price && t('price', { input: money(price.inputMicroUsdPerMillion), output: money(price.outputMicroUsdPerMillion) }),
  ]
    .filter(Boolean)
    .join(' · ');
}
