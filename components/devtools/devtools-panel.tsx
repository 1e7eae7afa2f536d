import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Problem } from '../parts/problem.tsx';
import { t } from '../text/t.ts';
import { CallDetail } from './call-detail.tsx';
import { CallList } from './call-list.tsx';
import { watchCalls } from './watched-calls.ts';

/** The calls of the inspected page. They are recorded while this is open, and nowhere written. */
export function DevtoolsPanel({ tabId }: { tabId: number | undefined }) {
  return (
    <main class="devtools">
      <h1 class="visually-hidden">{t('callsTitle')}</h1>
      {tabId === undefined ? <Problem error={{ code: 'bad-request', message: t('callsNoTab') }} /> : <Calls tabId={tabId} />}
    </main>
  );
}

function Calls({ tabId }: { tabId: number }) {
  const watched = useMemo(() => watchCalls(tabId), [tabId]);
  useEffect(() => watched.stop, [watched]);
  const open = useSignal<string | undefined>(undefined);
  const calls = watched.calls.value;
  // Whoever has not chosen one looks at the newest.
  const shown = calls.find(({ id }) => id === open.value) ?? calls.at(-1);
  return (
    <>
      <header class="row bar">
        <span class="grow quiet">{t('callsRecording')}</span>
        <button type="button" class="button small" disabled={calls.length === 0} onClick={watched.clear}>
          {t('callsClear')}
        </button>
        <a class="button small" href="/playground.html" target="_blank" rel="noreferrer">
          {t('navPlayground')}
        </a>
      </header>
      {shown === undefined ? (
        <p class="empty quiet">{t('callsEmpty')}</p>
      ) : (
        <div class="both">
          <CallList calls={calls} shownId={shown.id} onOpen={(id) => (open.value = id)} />
          <CallDetail key={shown.id} call={shown} tabId={tabId} />
        </div>
      )}
    </>
  );
}
