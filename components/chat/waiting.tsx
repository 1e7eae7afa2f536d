import { ownRun } from '../state/runs.ts';
import { duration, percent } from '../text/format.ts';
import { t } from '../text/t.ts';

/** What happens before the first word: the place in the queue, the loading model, or just that it has begun. */
export function Waiting() {
  const run = ownRun.value;
  if (run?.state === 'queued') {
    return (
      <p class="lamp busy">
        {placeText(run.position)}
        {run.etaSeconds !== undefined && ` · ${t('waitingEta', { time: duration(run.etaSeconds * 1000) })}`}
      </p>
    );
  }
  if (run?.state === 'loading') {
    return (
      <div class="stack">
        <p class="lamp busy">
          {run.progress === undefined ? t('waitingLoading') : t('waitingLoadingShare', { share: percent(run.progress) })}
        </p>
        <progress class="meter" value={run.progress} max={1} aria-label={t('waitingLoading')} />
      </div>
    );
  }
  return <p class="lamp busy">{t('waitingAnswer')}</p>;
}

/** Place 0 is nobody's idea of a queue: nobody is in front any more. */
function placeText(position: number | undefined): string {
  if (position === undefined) return t('waitingQueued');
  return position <= 0 ? t('waitingNext') : t('waitingPosition', { position });
}
