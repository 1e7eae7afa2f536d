import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { t } from '../text/t.ts';

/** Everything: pages that ask and servers that answer. The manifest has the same. */
const everywhere = { origins: ['http://*/*', 'https://*/*'] };

/** Both browsers let the user take an extension's access to websites away. Nothing works then, so it is said at once. */
export function AccessBanner() {
  const isAllowed = useSignal(true);
  const look = async () => {
    isAllowed.value = await browser.permissions.contains(everywhere).catch(() => true);
  };
  useEffect(() => void look(), []);
  if (isAllowed.value) return null;

  const ask = async () => {
    await browser.permissions.request(everywhere).catch(() => false);
    await look();
  };
  return (
    <div class="problem" role="alert">
      <strong>{t('accessMissing')}</strong>
      <p class="quiet">{t('accessMissingText')}</p>
      <div class="row">
        <button type="button" class="button primary small" onClick={() => void ask()}>
          {t('accessAllow')}
        </button>
      </div>
    </div>
  );
}
