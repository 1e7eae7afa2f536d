import { isNewerGlance, watchGlance } from '../../lib/connections/glance.ts';
import { useStored } from '../state/use-stored.ts';
import { t } from '../text/t.ts';

/** After going back to an older version: what the newer one saved is shown and used, and left as it is. */
export function NewerBanner() {
  if (!useStored(isNewerGlance, watchGlance, '')) return null;
  return (
    <div class="problem" role="alert">
      <strong>{t('newerSettings')}</strong>
      <p class="quiet">{t('newerSettingsText')}</p>
    </div>
  );
}
