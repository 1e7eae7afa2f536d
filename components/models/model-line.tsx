import type { ModelWork } from '../../lib/model-work/model-work.ts';
import type { EngineAbility } from '../../lib/panel/methods.ts';
import type { ModelInfo } from '../../lib/protocol/model.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { bytes } from '../text/format.ts';
import { t } from '../text/t.ts';
import { canAnswer } from './filter-models.ts';
import { modelFacts } from './model-detail.ts';
import { WorkProgress } from './work-progress.tsx';

/** What a button of the line wants. */
export type ModelWish = 'use' | 'load' | 'unload' | 'remove';

interface Props {
  model: ModelInfo;
  /** What its server can be asked to do. */
  abilities: readonly EngineAbility[];
  isActive: boolean;
  /** The server is unloading it. */
  isLeaving: boolean;
  work: ModelWork | undefined;
  onWish(wish: ModelWish): void;
}

/** One model of a server: what it is, whether it is loaded, and what can be done with it. */
export function ModelLine({ model, abilities, isActive, isLeaving, work, onWish }: Props) {
  const name = model.name ?? model.id;
  const canLoad = model.loaded === false && abilities.includes('load') && work === undefined;
  const canUnload = model.loaded === true && abilities.includes('unload');
  return (
    <li class="model-line stack">
      <div class="row wrap">
        <div class="grow name">
          <strong class="any-break">{name}</strong>
          {isActive && <small class="tag">{t('inUse')}</small>}
          <small class="facts any-break">{[name !== model.id && model.id, modelFacts(model)].filter(Boolean).join(' · ')}</small>
          {model.description && <small class="facts clamp any-break">{model.description}</small>}
        </div>
        {model.loaded !== undefined && <Lamp state={model.loaded ? 'ok' : 'off'}>{t(model.loaded ? 'loaded' : 'notLoaded')}</Lamp>}
        <div class="row wrap doing">
          {canLoad && (
            <button type="button" class="button small" onClick={() => onWish('load')} aria-label={t('loadModel', { model: name })}>
              {t('load')}
            </button>
          )}
          {canUnload && (
            <button
              type="button"
              class="button small"
              disabled={isLeaving}
              onClick={() => onWish('unload')}
              aria-label={t('unloadModel', { model: name })}
            >
              {t(isLeaving ? 'unloading' : 'unload')}
            </button>
          )}
          {canAnswer(model) && !isActive && (
            <button type="button" class="button small" onClick={() => onWish('use')} aria-label={t('useServer', { name })}>
              {t('use')}
            </button>
          )}
          {abilities.includes('remove') && (
            <ConfirmButton
              class="plain small"
              label={t('deleteModel', { model: name })}
              question={model.sizeBytes === undefined ? t('deleteModelSurePlain') : t('deleteModelSure', { size: bytes(model.sizeBytes) })}
              onConfirm={() => onWish('remove')}
            >
              {t('delete')}
            </ConfirmButton>
          )}
        </div>
      </div>
      {work && <WorkProgress work={work} name={name} />}
    </li>
  );
}
