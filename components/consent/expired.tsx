import { t } from '../text/t.ts';

/** The question is no more: there is nothing left that a click could allow. */
export function Expired() {
  return (
    <main class="consent expired">
      <div class="what stack">
        <h1>{t('consentExpired')}</h1>
        <p class="quiet">{t('consentExpiredText')}</p>
      </div>
      <footer class="acts">
        <button type="button" class="button" onClick={() => window.close()}>
          {t('close')}
        </button>
      </footer>
    </main>
  );
}
