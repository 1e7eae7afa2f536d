import type { EngineAbility } from '../../lib/panel/methods.ts';
import { ModelBox } from '../models/model-box.tsx';
import { modelsOf } from '../state/models.ts';
import { backendLabel } from '../text/backend-label.ts';
import { t } from '../text/t.ts';
import { ConfigFields } from './config-fields.tsx';
import type { ConnectionForm } from './form.ts';
import { GenerationFields } from './generation-fields.tsx';
import { KindField } from './kind-field.tsx';
import { PatienceFields } from './patience-fields.tsx';
import { PoolFields } from './pool-fields.tsx';

/** Everything there is to fill in: for a service as its backend describes it, for a pool its members. */
export function EditorFields({ form, abilities }: { form: ConnectionForm; abilities: readonly EngineAbility[] }) {
  const { connection } = form;
  const backend = form.backend.value;
  if (backend.group === 'pool') {
    return (
      <>
        <NameField form={form} />
        <PoolFields form={form} />
      </>
    );
  }
  const models = form.models.value ?? (connection && modelsOf(connection.id));
  return (
    <>
      <div class="two">
        <KindField form={form} />
        <NameField form={form} />
        <ConfigFields form={form} isAdvanced={false} />
        <ModelBox models={models} value={form.model.value} onChange={(model) => (form.model.value = model)} />
      </div>
      <GenerationFields
        settings={form.generation.value}
        connection={connection?.backend === backend.id ? connection : undefined}
        model={form.model.value || models?.[0]?.id}
        takesText={abilities.includes('text')}
        onChange={(settings) => (form.generation.value = settings)}
      />
      {backend.group !== 'browser' && (
        <PatienceFields patience={form.patience.value} onChange={(patience) => (form.patience.value = patience)} />
      )}
      {backend.fields.some(({ advanced }) => advanced) && (
        <details class="card pad">
          <summary>
            <strong>{t('more')}</strong>
          </summary>
          <div class="two">
            <ConfigFields form={form} isAdvanced />
          </div>
        </details>
      )}
    </>
  );
}

function NameField({ form }: { form: ConnectionForm }) {
  return (
    <div class="field">
      <label for="name">{t('name')}</label>
      <input
        id="name"
        class="input"
        value={form.name.value}
        placeholder={backendLabel(form.backend.value)}
        maxLength={200}
        onInput={(event) => (form.name.value = event.currentTarget.value)}
      />
    </div>
  );
}
