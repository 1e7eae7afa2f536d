import { setSwitches } from '../../lib/permissions/switches.ts';
import { changeUsageSettings, getUsageSettings, watchUsageSettings } from '../../lib/usage/settings.ts';
import { stored } from '../state/stored.ts';
import { switches } from '../state/switches.ts';
import { t } from '../text/t.ts';
import { HistoryField } from './history-field.tsx';
import { readLimit, shownLimit } from './limits-editor.tsx';
import { NativeField } from './native-field.tsx';

const settings = stored(getUsageSettings, watchUsageSettings);

/** What holds for every site, and for the user's own chats where that makes sense. */
export function AllSites() {
  const known = settings.value.value;
  const shared = switches.value.value;
  if (!known || !shared) return null;
  return (
    <section class="card pad stack" aria-labelledby="all-sites">
      <h2 id="all-sites">{t('allSites')}</h2>
      <div class="limits wide">
        <div class="field">
          <label for="cap">{t('capLabel')}</label>
          <input
            id="cap"
            class="input"
            type="number"
            min={0}
            step={0.01}
            placeholder={t('noLimit')}
            aria-describedby="cap-hint"
            value={shownLimit(known.microUsdPerDay, 'usd')}
            onChange={(event) => void setCap(readLimit(event.currentTarget.value, 'usd'))}
          />
          <small id="cap-hint" class="hint">
            {t('capHint')}
          </small>
        </div>
        <HistoryField
          id="history-usual"
          label={t('historyUsual')}
          hint={t('historyHint')}
          value={shared.history}
          onChange={(history) => void setSwitches({ history })}
        />
        <NativeField />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={shared.privateInherits}
          onChange={(event) => void setSwitches({ privateInherits: event.currentTarget.checked })}
        />
        <span>
          {t('privateInherits')}
          <br />
          <small>{t('privateInheritsText')}</small>
        </span>
      </label>
    </section>
  );
}

async function setCap(microUsdPerDay: number | undefined): Promise<void> {
  await changeUsageSettings(({ microUsdPerDay: _, ...others }) => ({ ...others, ...(microUsdPerDay !== undefined && { microUsdPerDay }) }));
}
