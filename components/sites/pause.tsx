import { useSignal } from '@preact/signals';
import { Pause, Play } from 'lucide-preact';
import { setSwitches } from '../../lib/permissions/switches.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Problem } from '../parts/problem.tsx';
import { switches } from '../state/switches.ts';
import { t } from '../text/t.ts';

/** One switch for every site: pausing stops their answers at once. */
export function PauseSwitch() {
  const problem = useSignal<ErrorData | undefined>(undefined);
  const isPaused = switches.value.value?.isPaused ?? false;

  async function set(next: boolean): Promise<void> {
    try {
      await setSwitches({ isPaused: next });
      problem.value = undefined;
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }

  return (
    <>
      <label class="check switch">
        <input type="checkbox" checked={isPaused} onChange={(event) => void set(event.currentTarget.checked)} />
        <span>
          {t('pauseAll')}
          <br />
          <small>{t('pauseAllText')}</small>
        </span>
      </label>
      {problem.value && <Problem error={problem.value} />}
    </>
  );
}

/** The same as a button, for the popup. */
export function PauseButton() {
  const isPaused = switches.value.value?.isPaused ?? false;
  return (
    <button
      type="button"
      class="button plain icon small"
      aria-pressed={isPaused}
      aria-label={t('pauseAll')}
      title={t('pauseAll')}
      onClick={() => void setSwitches({ isPaused: !isPaused })}
    >
      {isPaused ? <Play size={16} /> : <Pause size={16} />}
    </button>
  );
}

/** Shown in the popup while it holds, with the way back beside it. */
export function PausedBanner() {
  if (!switches.value.value?.isPaused) return null;
  return (
    <div class="paused row" role="status">
      <span class="grow">{t('pausedNow')}</span>
      <button type="button" class="button small" onClick={() => void setSwitches({ isPaused: false })}>
        {t('resume')}
      </button>
    </div>
  );
}
