import type { ModelWork } from '../../lib/model-work/model-work.ts';
import { request } from '../../lib/panel/background.ts';
import { Problem } from '../parts/problem.tsx';
import { bytes, percent } from '../text/format.ts';
import { type PlainKey, t } from '../text/t.ts';

/** How far a server is with loading or getting a model, and the way to stop it; or why it failed. */
export function WorkProgress({ work, name }: { work: ModelWork; name: string }) {
  const { connectionId, model, kind, said, error } = work;
  const stop = () => void request('models.stop', { connectionId, model });
  if (work.state === 'failed') {
    const again = () => void (kind === 'add' ? request('models.add', { url: model }) : request(`models.${kind}`, { connectionId, model }));
    return (
      <div class="stack">
        {error && <Problem error={error} can={{ retry: again }} />}
        <div class="row">
          <button type="button" class="button plain small" onClick={stop}>
            {t('close')}
          </button>
        </div>
      </div>
    );
  }
  const label = workLabel(work, name);
  const { progress, what, bytes: got, totalBytes } = said ?? {};
  const parts = [
    progress !== undefined && percent(progress),
    got !== undefined && totalBytes !== undefined && t('bytesOf', { done: bytes(got), total: bytes(totalBytes) }),
    what !== undefined && what !== model && phaseOf(what),
  ];
  return (
    <div class="stack work">
      <div class="row">
        <span class="grow lamp busy any-break">{label}</span>
        <button type="button" class="button small" onClick={stop} aria-label={t('cancelWork', { work: label })}>
          {t('cancel')}
        </button>
      </div>
      <progress class="meter" value={progress} max={1} aria-label={label} />
      <small>{parts.filter(Boolean).join(' · ')}</small>
    </div>
  );
}

/** `Loading Qwen3 8B` */
export function workLabel({ kind }: ModelWork, name: string): string {
  return t(kind === 'load' ? 'loadingModel' : 'gettingModel', { model: name });
}

/** The words of servers for what they are at, in ours; those nobody knows stay as they are. */
function phaseOf(what: string): string {
  const key = phases.get(what);
  return key ? t(key) : what;
}

const phases = new Map<string, PlainKey>([
  ['draft', 'phaseDraft'],
  ['vision', 'phaseVision'],
  ['paused', 'phasePaused'],
  ['pulling manifest', 'phaseManifest'],
  ['pulling', 'phasePulling'],
  ['verifying sha256 digest', 'phaseChecking'],
  ['writing manifest', 'phaseWriting'],
  ['removing any unused layers', 'phaseWriting'],
  ['removing unused layers', 'phaseWriting'],
]);
