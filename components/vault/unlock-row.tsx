import { LockKeyhole } from 'lucide-preact';
import { lazy } from '../look/lazy.tsx';
import { lock } from '../state/lock.ts';
import { t } from '../text/t.ts';

/** Brings the vault with it, which the popup does without while nothing is locked. */
const UnlockForm = lazy(async () => (await import('./unlock-form.tsx')).UnlockForm);

/** In the popup while the keys are locked: sites wait for this. */
export function UnlockRow() {
  if (lock.value.value !== 'locked') return null;
  return (
    <section class="unlock stack" aria-label={t('problemLocked')}>
      <div class="row">
        <LockKeyhole size={18} aria-hidden="true" />
        <strong>{t('problemLocked')}</strong>
      </div>
      <UnlockForm.View />
    </section>
  );
}
