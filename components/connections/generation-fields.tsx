import { useSignal } from '@preact/signals';
import type { Connection, GenerationSettings } from '../../lib/connections/connection.ts';
import { request } from '../../lib/panel/background.ts';
import { listed } from '../text/format.ts';
import { t } from '../text/t.ts';
import { ExtraField } from './extra-field.tsx';
import { NumberField } from './number-field.tsx';
import { SamplerFields } from './sampler-fields.tsx';
import { furtherSamplers, mainSamplers } from './sampler-table.ts';
import { TemplateField } from './template-field.tsx';
import { useAsked } from './use-asked.ts';

interface Props {
  settings: GenerationSettings;
  /** As it is saved; absent where what its server knows cannot be asked yet. */
  connection: Connection | undefined;
  model: string | undefined;
  /** Its server takes a chat that is written down already. */
  takesText: boolean;
  onChange(settings: GenerationSettings): void;
}

/** How a model is asked over this connection, where the page does not say it. An empty field leaves it to the server. */
export function GenerationFields({ settings, connection, model, takesText, onChange }: Props) {
  const isOpen = useSignal(false);
  const id = isOpen.value ? connection?.id : undefined;
  const rows = useAsked(id && JSON.stringify([id, connection?.revision, model]), (signal) =>
    request('samplers', { connectionId: id ?? '', ...(model && { model }) }, signal),
  );
  const known = rows && new Set<string>(rows.flatMap(({ name, knownAs }) => (knownAs === undefined ? [] : [name])));
  // Of the further ones, those it does not know are simply not there.
  const unknown = known ? mainSamplers.filter(({ path }) => !known.has(path)) : [];
  const set = <Name extends keyof GenerationSettings>(name: Name, value: GenerationSettings[Name] | undefined) => {
    const { [name]: _, ...others } = settings;
    onChange(value === undefined ? others : { ...others, [name]: value });
  };
  const samplers = {
    sampling: settings.sampling,
    known,
    onChange: (sampling: GenerationSettings['sampling']) => set('sampling', sampling),
  };
  return (
    <details class="card pad" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>
        <strong>{t('generation')}</strong> <small>{t('generationHint')}</small>
      </summary>
      <div class="stack">
        <div class="field">
          <label for="system-prompt">{t('systemPrompt')}</label>
          <textarea
            id="system-prompt"
            class="input"
            rows={2}
            value={settings.systemPrompt ?? ''}
            onInput={(event) => set('systemPrompt', event.currentTarget.value || undefined)}
          />
        </div>
        <div class="three">
          <NumberField
            placeholder={t('serverDecides')}
            id="max-output"
            label={t('maxOutput')}
            min={1}
            value={settings.maxOutputTokens}
            onChange={(value) => set('maxOutputTokens', value)}
          />
          <NumberField
            placeholder={t('serverDecides')}
            id="context-window"
            label={t('contextWindow')}
            min={1}
            value={settings.contextWindow}
            onChange={(value) => set('contextWindow', value)}
          />
          <SamplerFields fields={mainSamplers} {...samplers} />
        </div>
        {(known === undefined || furtherSamplers.some(({ path }) => known.has(path))) && (
          <details>
            <summary>{t('furtherSamplers')}</summary>
            <div class="three">
              <SamplerFields fields={furtherSamplers} {...samplers} />
            </div>
          </details>
        )}
        {unknown.length > 0 && <small>{t('samplersUnknown', { names: listed(unknown.map(({ label }) => t(label))) })}</small>}
        {takesText && id !== undefined && (
          <TemplateField connectionId={id} model={model} template={settings.template} onChange={(template) => set('template', template)} />
        )}
        <div class="field">
          <label for="stop">{t('stopTexts')}</label>
          <textarea
            id="stop"
            class="input"
            rows={2}
            value={settings.stop?.join('\n') ?? ''}
            onInput={(event) => set('stop', linesOf(event.currentTarget.value))}
          />
          <span class="hint">{t('stopTextsHint')}</span>
        </div>
        <ExtraField extra={settings.extra} onChange={(extra) => set('extra', extra)} />
      </div>
    </details>
  );
}

function linesOf(text: string): string[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.length === 0 ? undefined : lines;
}
