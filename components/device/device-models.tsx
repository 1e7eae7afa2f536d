import { useSignal } from '@preact/signals';
import { listModels, removeModel, type StoredModel, watchModels } from '../../lib/engine/model-store.ts';
import type { ErrorData } from '../../lib/protocol/errors.ts';
import { connectOnDevice, trying } from '../connect/connect.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { activeConnection, activeModel } from '../state/connections.ts';
import { useStored } from '../state/use-stored.ts';
import { bytes, moment, wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { AddModel } from './add-model.tsx';

/** The models that run in this browser: Pocket and the user's own GGUF files. */
export function DeviceModels() {
  const models = useStored(listModels, watchModels, '');
  const problem = useSignal<ErrorData | undefined>(undefined);
  const run = async (work: () => Promise<unknown>) => {
    problem.value = await trying(work);
  };
  return (
    <div class="stack device">
      <h1>{t('navModels')}</h1>
      <p class="quiet">{t('deviceText')}</p>
      {problem.value && <Problem error={problem.value} />}
      <ul class="plain card lines">
        {models?.map((model) => (
          <Line
            key={model.id}
            model={model}
            onUse={() => void run(() => connectOnDevice(model.id))}
            onRemove={() => void run(() => removeModel(model.id))}
          />
        ))}
      </ul>
      <AddModel onAdded={(model) => void run(() => connectOnDevice(model.id))} />
    </div>
  );
}

interface LineProps {
  model: StoredModel;
  onUse(): void;
  onRemove(): void;
}

function Line({ model, onUse, onRemove }: LineProps) {
  const isActive = activeConnection.value?.backend === 'ondevice' && activeModel.value === model.id;
  const detail = [
    bytes(model.sizeBytes),
    model.contextWindow !== undefined && t('context', { tokens: wholeNumber(model.contextWindow) }),
    model.source === 'package' ? t('sourcePackage') : model.url ? new URL(model.url).host : t('sourceFile'),
    model.addedAt > 0 && moment(model.addedAt),
  ];
  return (
    <li class="row wrap offer">
      <div class="grow name">
        <strong class="any-break">{model.name}</strong>
        <br />
        <small class="any-break">{detail.filter(Boolean).join(' · ')}</small>
        {model.isDemo && (
          <>
            <br />
            <small>{t('pocketText')}</small>
          </>
        )}
      </div>
      {isActive ? (
        <Lamp state="ok">{t('inUse')}</Lamp>
      ) : (
        <button type="button" class="button" onClick={onUse} aria-label={t('useServer', { name: model.name })}>
          {t('use')}
        </button>
      )}
      {!model.isDemo && (
        <ConfirmButton question={t('deviceRemoveSure', { size: bytes(model.sizeBytes) })} onConfirm={onRemove}>
          {t('remove')}
        </ConfirmButton>
      )}
    </li>
  );
}
