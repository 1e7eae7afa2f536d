import { changeUsageSettings, getUsageSettings, watchUsageSettings } from '../../lib/usage/settings.ts';
import { HistoryField } from '../sites/history-field.tsx';
import { readLimit } from '../sites/limits-editor.tsx';
import { stored } from '../state/stored.ts';
import { t } from '../text/t.ts';

const settings = stored(getUsageSettings, watchUsageSettings);

/** How long activity keeps what, and what of the user's own chats. */
export function Keeping() {
  const known = settings.value.value;
  if (!known) return null;
  const number = (name: 'keepDays' | 'keepEntries', label: string, least: number) => (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        class="input"
        type="number"
        min={least}
        value={known[name]}
        onChange={(event) => {
          const value = readLimit(event.currentTarget.value, 'count');
          if (value !== undefined) void changeUsageSettings((before) => ({ ...before, [name]: Math.max(least, value) }));
        }}
      />
    </div>
  );
  return (
    <details class="card pad">
      <summary>{t('keeping')}</summary>
      <div class="limits wide">
        {number('keepDays', t('keepDays'), 1)}
        {number('keepEntries', t('keepEntries'), 100)}
        <HistoryField
          id="own-history"
          label={t('keepOwn')}
          value={known.ownHistory}
          onChange={(ownHistory) => void changeUsageSettings((before) => ({ ...before, ownHistory }))}
        />
      </div>
      <p class="hint">{t('keepingText')}</p>
    </details>
  );
}
