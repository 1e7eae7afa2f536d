import type { Run } from '../../lib/router/router.ts';
import { Lamp } from '../parts/lamp.tsx';
import { runText } from '../sites/run-text.ts';
import { stopRun } from '../state/runs.ts';
import { t } from '../text/t.ts';

/** Each call of a site that makes several at a time, with its own stop. */
export function RunList({ runs }: { runs: Run[] }) {
  return (
    <ul class="plain runs">
      {runs.map((run) => (
        <li key={run.id} class="row">
          <span class="grow cut">
            <Lamp state="busy">{[run.model, runText([run])].filter(Boolean).join(' · ')}</Lamp>
          </span>
          <button
            type="button"
            class="button plain danger small"
            aria-label={t('stopCall', { model: run.model })}
            onClick={() => void stopRun(run.id)}
          >
            {t('stop')}
          </button>
        </li>
      ))}
    </ul>
  );
}
