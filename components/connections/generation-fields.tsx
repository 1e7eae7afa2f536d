import { templateNames } from '../../lib/backends/templates.ts';
import type { GenerationSettings } from '../../lib/connections/connection.ts';
import type { Sampling } from '../../lib/protocol/request.ts';
import { t } from '../text/t.ts';
import { ExtraField } from './extra-field.tsx';
import { NumberField } from './number-field.tsx';

interface Props {
  settings: GenerationSettings;
  onChange(settings: GenerationSettings): void;
}

/** How a model is asked over this connection, where the page does not say it. An empty field leaves it to the server. */
export function GenerationFields({ settings, onChange }: Props) {
  const set = <Name extends keyof GenerationSettings>(name: Name, value: GenerationSettings[Name] | undefined) => {
    const { [name]: _, ...others } = settings;
    onChange(value === undefined ? others : { ...others, [name]: value });
  };
  const setSampling = (name: keyof Sampling, value: number | undefined) => {
    const { [name]: _, ...others } = settings.sampling ?? {};
    const sampling = value === undefined ? others : { ...others, [name]: value };
    set('sampling', Object.keys(sampling).length === 0 ? undefined : sampling);
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
          {samplers.map(({ name, label, min, max, step }) => (
            <NumberField
              placeholder={t('serverDecides')}
              key={name}
              id={`sampling-${name}`}
              label={t(label)}
              min={min}
              max={max}
              step={step}
              value={settings.sampling?.[name]}
              onChange={(value) => setSampling(name, value)}
            />
          ))}
          <div class="field">
            <label for="template">{t('template')}</label>
            <select
              id="template"
              class="input"
              value={settings.template ?? ''}
              onChange={(event) => set('template', event.currentTarget.value || undefined)}
            >
              <option value="">{t('templateAuto')}</option>
              {templateNames.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        </div>
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

const samplers = [
  { name: 'temperature', label: 'samplerTemperature', min: 0, max: 5, step: 0.05 },
  { name: 'topP', label: 'samplerTopP', min: 0, max: 1, step: 0.01 },
  { name: 'topK', label: 'samplerTopK', min: 0, max: undefined, step: 1 },
  { name: 'minP', label: 'samplerMinP', min: 0, max: 1, step: 0.01 },
  { name: 'repetitionPenalty', label: 'samplerRepetition', min: 0, max: 5, step: 0.01 },
  { name: 'presencePenalty', label: 'samplerPresence', min: -2, max: 2, step: 0.05 },
  { name: 'frequencyPenalty', label: 'samplerFrequency', min: -2, max: 2, step: 0.05 },
] as const;
