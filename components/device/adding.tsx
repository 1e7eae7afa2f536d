import { percent } from '../text/format.ts';
import { t } from '../text/t.ts';

/** A model on its way into the browser. */
export interface AddingWork {
  name: string;
  share: number | undefined;
  done: string;
  stop(): void;
}

/** How far it is, and the way to stop it. */
export function Adding({ work: { name, share, done, stop } }: { work: AddingWork }) {
  return (
    <div class="card pad stack" aria-live="polite">
      <div class="row">
        <span class="grow any-break">{t('deviceAdding', { name })}</span>
        <button type="button" class="button" onClick={stop}>
          {t('cancel')}
        </button>
      </div>
      <progress class="meter" value={share} max={1} aria-label={t('deviceAdding', { name })} />
      <small>{[share !== undefined && percent(share), done].filter(Boolean).join(' · ')}</small>
    </div>
  );
}
