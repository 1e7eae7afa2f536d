import type { ModelInfo } from '../../lib/protocol/model.ts';
import { bytes, money, shortNumber } from '../text/format.ts';
import { t } from '../text/t.ts';

/** What helps to choose a model, in a few words: context, what it can read, size, price. */
export function modelDetail({ contextWindow, abilities, sizeBytes, price, loaded }: ModelInfo): string {
  return [
    contextWindow !== undefined && t('context', { tokens: shortNumber(contextWindow) }),
    abilities?.includes('images') && t('abilityImages'),
    abilities?.includes('tools') && t('abilityTools'),
    abilities?.includes('thinking') && t('abilityThinking'),
    sizeBytes !== undefined && bytes(sizeBytes),
    price && t('price', { input: money(price.inputMicroUsdPerMillion), output: money(price.outputMicroUsdPerMillion) }),
    loaded === false && t('notLoaded'),
  ]
    .filter(Boolean)
    .join(' · ');
}
