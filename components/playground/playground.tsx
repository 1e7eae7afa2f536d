import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Mark } from '../look/mark.tsx';
import { ModelMenu } from '../models/model-menu.tsx';
import { AccessBanner } from '../parts/access-banner.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { openOptions } from '../parts/open-page.ts';
import { activeConnection, activeModel } from '../state/connections.ts';
import { followModels, modelNamed } from '../state/models.ts';
import { whereOf, whereText } from '../text/place.ts';
import { t } from '../text/t.ts';
import { doors, snippetOf } from './doors.js';
import { snippetFor } from './snippets.ts';
import { createTrials } from './trial.ts';
import { TrialView } from './trial-view.tsx';

/** Every door that pages have, to try with the user's own model: what is asked, what comes and when, and the code that did it. */
export function Playground() {
  const trials = useMemo(createTrials, []);
  const chosen = useSignal('chat');
  const requests = useSignal<Record<string, string>>({});
  useEffect(followModels, []);
  useEffect(() => trials.stop, [trials]);
  const door = doors.find(({ id }) => id === chosen.value) ?? doors[0];
  if (!door) return null;
  const usual = JSON.stringify(door.request(door.text ?? t('playgroundQuestion')), null, 2);
  const text = requests.value[door.id] ?? usual;
  const request = parse(text);
  const snippet = snippetFor(door.id);
  const isRunning = trials.trial.value?.state === 'running';
  const setText = (next: string) => (requests.value = { ...requests.value, [door.id]: next });

  return (
    <main class="playground stack">
      <header class="row wrap">
        <Mark />
        <h1 class="grow">{t('navPlayground')}</h1>
        <ModelLine />
      </header>
      <AccessBanner />
      <p class="quiet">{t('playgroundText')}</p>
      <div class="halves">
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (request) void trials.run(snippet, request.value);
          }}
        >
          <div class="field">
            <label for="door">{t('playgroundDoor')}</label>
            <select id="door" class="input" value={door.id} onChange={(event) => (chosen.value = event.currentTarget.value)}>
              {doors.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="request">{t('playgroundRequest')}</label>
            <textarea
              id="request"
              class="input mono"
              rows={12}
              spellcheck={false}
              value={text}
              aria-invalid={request ? undefined : 'true'}
              aria-describedby="request-hint"
              onInput={(event) => setText(event.currentTarget.value)}
            />
            <small id="request-hint" class={request ? 'hint' : 'wrong'}>
              {request ? t('playgroundRequestHint') : t('playgroundRequestWrong')}
            </small>
          </div>
          <div class="row wrap">
            <button type="submit" class="button primary" disabled={!request || isRunning}>
              {t('playgroundRun')}
            </button>
            <button type="button" class="button" disabled={!isRunning} onClick={trials.stop}>
              {t('stop')}
            </button>
            <button type="button" class="button plain" disabled={text === usual} onClick={() => setText(usual)}>
              {t('playgroundReset')}
            </button>
          </div>
        </form>
        <TrialView trial={trials.trial.value} />
      </div>
      <section class="stack" aria-labelledby="code-title">
        <div class="row">
          <h2 id="code-title" class="grow">
            {t('playgroundCode')}
          </h2>
          <CopyButton text={() => snippetOf(request?.value ?? {}, snippet.text)} label={t('copyCode')} />
        </div>
        <p class="quiet">{t('playgroundCodeText')}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
        <pre class="code" tabIndex={0}>
          {snippetOf(request?.value ?? {}, snippet.text)}
        </pre>
      </section>
    </main>
  );
}

/** On which model everything here runs, and how to change it. */
function ModelLine() {
  const isMenuOpen = useSignal(false);
  const connection = activeConnection.value;
  if (!connection) {
    return (
      <button type="button" class="button primary small" onClick={() => void openOptions('welcome')}>
        {t('stepConnect')}
      </button>
    );
  }
  const model = modelNamed(connection.id, activeModel.value);
  return (
    <>
      <span class="quiet any-break">
        {t('playgroundModel', { model: model?.name ?? activeModel.value ?? connection.name, where: whereText(whereOf(connection)) })}
      </span>
      <button type="button" class="button small" onClick={() => (isMenuOpen.value = true)}>
        {t('change')}
      </button>
      {isMenuOpen.value && <ModelMenu onClose={() => (isMenuOpen.value = false)} />}
    </>
  );
}

/** Undefined for what is no JSON object. */
function parse(text: string): { value: object } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { value } : undefined;
  } catch {
    return undefined;
  }
}
