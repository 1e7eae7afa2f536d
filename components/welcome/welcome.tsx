import { useSignal } from '@preact/signals';
import { Ways } from '../connect/ways.tsx';
import { Mark } from '../look/mark.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { activeConnection } from '../state/connections.ts';
import { t } from '../text/t.ts';

/** The first page after the installation: what this is, and the way to a first answer. */
export function Welcome() {
  const isAddingMore = useSignal(false);
  const connection = activeConnection.value;
  return (
    <div class="welcome stack">
      <Mark size={56} />
      <div>
        <h1>{t('firstTitle')}</h1>
        <p class="quiet">{t('welcomeText')}</p>
      </div>
      <ol class="plain steps">
        {steps.map(({ title, text }) => (
          <li key={title} class="card pad">
            <h2>{t(title)}</h2>
            <p class="quiet">{t(text)}</p>
          </li>
        ))}
      </ol>
      {connection && (
        <section class="card pad stack" aria-live="polite">
          <Lamp state="ok">{t('welcomeReady', { name: connection.name })}</Lamp>
          <p>{t('welcomeNext')}</p>
          <div class="row wrap">
            <a class="button" href="#connections">
              {t('navConnections')}
            </a>
            {!isAddingMore.value && (
              <button type="button" class="button plain" onClick={() => (isAddingMore.value = true)}>
                {t('welcomeAnother')}
              </button>
            )}
          </div>
        </section>
      )}
      {(!connection || isAddingMore.value) && <Ways onDone={() => (isAddingMore.value = false)} />}
    </div>
  );
}

const steps = [
  { title: 'stepOneTitle', text: 'stepOneText' },
  { title: 'stepTwoTitle', text: 'stepTwoText' },
  { title: 'stepThreeTitle', text: 'stepThreeText' },
] as const;
