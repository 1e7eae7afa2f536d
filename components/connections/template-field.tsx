import { useId } from 'preact/hooks';
import { guessTemplate, renderChat, templateNames } from '../../lib/backends/templates.ts';
import type { Message } from '../../lib/protocol/message.ts';
import { t } from '../text/t.ts';

interface Props {
  /** The user's choice; absent: by the model. */
  template: string | undefined;
  /** What the choice goes by. */
  model: string | undefined;
  onChange(template: string | undefined): void;
}

/** How a chat is written down for a model that only continues text, and what that looks like. */
export function TemplateField({ template, model, onChange }: Props) {
  const id = useId();
  const guessed = guessTemplate(model ?? '');
  const { prompt, stop } = renderChat(sample(), template ?? guessed);
  return (
    <div class="stack">
      <div class="field">
        <label for={id}>{t('template')}</label>
        <select id={id} class="input" value={template ?? ''} onChange={(event) => onChange(event.currentTarget.value || undefined)}>
          <option value="">{model ? t('templateChosen', { template: guessed }) : t('templateAuto')}</option>
          {templateNames.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <span class="hint">{t('templateHint')}</span>
      </div>
      <details>
        <summary>{t('templatePreview')}</summary>
        <textarea class="input mono preview" readOnly rows={8} aria-label={t('templatePreview')} value={prompt} />
        {stop.length > 0 && <small>{t('templateStops', { stops: stop.map((text) => JSON.stringify(text)).join(' ') })}</small>}
      </details>
    </div>
  );
}

/** A short conversation in which everybody says something. */
function sample(): Message[] {
  const text = (words: string) => [{ type: 'text' as const, text: words }];
  return [
    { role: 'system', content: text(t('sampleSystem')) },
    { role: 'user', content: text(t('sampleUser')) },
    { role: 'assistant', content: text(t('sampleAnswer')) },
    { role: 'user', content: text(t('sampleAgain')) },
  ];
}
