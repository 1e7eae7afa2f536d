import type { GenerationSettings } from '../../lib/connections/connection.ts';
import { t } from '../text/t.ts';
import { ExtraField } from './extra-field.tsx';
import { NumberField } from './number-field.tsx';
import { SamplerFields } from './sampler-fields.tsx';
import { furtherSamplers, mainSamplers } from './sampler-table.ts';
import { TemplateField } from './template-field.tsx';

interface Props {
  settings: GenerationSettings;
  /** Which samplers the server takes; absent where nobody knows. */
  known: ReadonlySet<string> | undefined;
  /** The model whose chats we write as text ourselves; absent where the server does. */
  written: { model: string | undefined } | undefined;
  onChange(settings: GenerationSettings): void;
}

/** How a model is asked over this connection, where the page does not say it. An empty field leaves it to the server. */
export function GenerationFields({ settings, known, written, onChange }: Props) {
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
    <details class="card pad">
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
        {isAnyOf(furtherSamplers, known) && (
          <details>
            <summary>{t('furtherSamplers')}</summary>
            <div class="three">
              <SamplerFields fields={furtherSamplers} {...samplers} />
            </div>
          </details>
        )}
        {written && <TemplateField template={settings.template} model={written.model} onChange={(template) => set('template', template)} />}
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

function isAnyOf(fields: readonly { path: string }[], known: ReadonlySet<string> | undefined): boolean {
  return known === undefined || fields.some(({ path }) => known.has(path));
}

function linesOf(text: string): string[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.length === 0 ? undefined : lines;
}
