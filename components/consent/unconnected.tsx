import type { ConsentQuestion } from '../../lib/permissions/question.ts';
import type { Decision } from '../../lib/protocol/access.ts';
import { openOptions } from '../parts/open-page.ts';
import { t } from '../text/t.ts';
import { Origin } from './origin.tsx';

/** A site wants a model, and there is none: the user can connect one, and the site hears nothing before they decide. */
export function Unconnected({ question, onDecide }: { question: ConsentQuestion; onDecide(decision: Decision): Promise<void> }) {
  const connect = async () => {
    await openOptions('welcome');
    await onDecide('once');
  };
  return (
    <main class="consent">
      <div class="what stack">
        <p class="quiet">{t('consentAsks')}</p>
        <Origin origin={question.origin} topOrigin={question.topOrigin} />
        <p>{t('consentUnconnected')}</p>
      </div>
      <footer class="acts">
        <button type="button" class="button" data-decision="deny" onClick={() => void onDecide('deny')}>
          {t('notNow')}
        </button>
        <button type="button" class="button primary" data-decision="connect" onClick={() => void connect()}>
          {t('stepConnect')}
        </button>
      </footer>
    </main>
  );
}
