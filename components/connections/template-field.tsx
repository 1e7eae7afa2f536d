import { useId } from 'preact/hooks';
import { templateNames } from '../../lib/backends/templates.ts';
import { request } from '../../lib/panel/background.ts';
import type { Result } from '../../lib/panel/methods.ts';
import { t } from '../text/t.ts';
import { useAsked } from './use-asked.ts';

interface Props {
  /** The connection as it is saved. */
  connectionId: string;
  model: string | undefined;
  /** The user's choice; absent: by the model. */
  template: string | undefined;
  onChange(template: string | undefined): void;
}

/** How a chat is written down for the model, who decides that, and what it looks like. */
export function TemplateField({ connectionId, model, template, onChange }: Props) {
  const id = useId();
  const preview = useAsked(JSON.stringify([connectionId, model, template]), (signal) =>
    request('template.preview', { connectionId, template: template ?? '', ...(model && { model }) }, signal),
  );
  return (
    <div class="stack">
      <div class="field">
        <label for={id}>{t('template')}</label>
        <select id={id} class="input" value={template ?? ''} onChange={(event) => onChange(event.currentTarget.value || undefined)}>
          <option value="">{t('templateAuto')}</option>
          {templateNames.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <span class="hint" aria-live="polite">
          {preview && reason(preview)}
        </span>
      </div>
      {preview?.prompt !== undefined && (
        <details>
          <summary>{t('templatePreview')}</summary>
          <textarea class="input mono preview" readOnly rows={8} aria-label={t('templatePreview')} value={preview.prompt} />
          {preview.stop.length > 0 && (
            <small>{t('templateStops', { stops: preview.stop.map((text) => JSON.stringify(text)).join(' ') })}</small>
          )}
        </details>
      )}
    </div>
  );
}

function reason({ name, chosenBecause }: Result<'template.preview'>): string {
  if (chosenBecause === 'settings') return t('templateBySettings');
  if (chosenBecause === 'server') return name ? t('templateByServer', { template: name }) : t('templateByServerUnknown');
  return t(chosenBecause === 'model-name' ? 'templateByName' : 'templateByHabit', { template: name ?? '' });
}
