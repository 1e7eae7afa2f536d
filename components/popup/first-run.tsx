import { Ways } from '../connect/ways.tsx';
import { Mark } from '../look/mark.tsx';
import { AccessBanner } from '../parts/access-banner.tsx';
import { t } from '../text/t.ts';

/** The popup before anything is connected. */
export function FirstRun() {
  return (
    <main class="first stack">
      <Mark size={44} />
      <div>
        <h1>{t('firstTitle')}</h1>
        <p class="quiet">{t('firstText')}</p>
      </div>
      <AccessBanner />
      <Ways />
    </main>
  );
}
