import { useSignal } from '@preact/signals';
import { passphraseDesk } from '../../lib/vault/change-passphrase.ts';
import { Problem } from '../parts/problem.tsx';
import { lock } from '../state/lock.ts';
import { t } from '../text/t.ts';
import { PassphraseField, problemOfNew } from './passphrase-field.tsx';
import { useWork } from './use-work.ts';
import { wrongText } from './wrong-text.ts';

/** Sets the first passphrase, or with `isChange` another one in its place. */
export function NewPassphrase({ isChange = false, onDone }: { isChange?: boolean; onDone(): void }) {
  const current = useSignal('');
  const next = useSignal('');
  const again = useSignal('');
  const mistake = useSignal<string | undefined>(undefined);
  const { isBusy, problem, run } = useWork();
  const wrong = wrongText(problem.value);

  const save = async (event: Event) => {
    event.preventDefault();
    mistake.value = problemOfNew(next.value, again.value);
    if (mistake.value) return;
    const isDone = await run(() => (isChange ? passphraseDesk.change(current.value, next.value) : passphraseDesk.set(next.value)));
    if (!isDone) return;
    current.value = next.value = again.value = '';
    await lock.read();
    onDone();
  };
  return (
    <form class="stack" onSubmit={(event) => void save(event)}>
      {isChange && (
        <PassphraseField label={t('passphraseNow')} value={current.value} onInput={(value) => (current.value = value)} wrong={wrong} />
      )}
      <div class="two">
        <PassphraseField
          label={t('passphraseNew')}
          isNew
          hint={t('passphraseHint')}
          value={next.value}
          onInput={(value) => (next.value = value)}
        />
        <PassphraseField
          label={t('passphraseAgain')}
          isNew
          value={again.value}
          onInput={(value) => (again.value = value)}
          wrong={mistake.value}
        />
      </div>
      {problem.value && wrong === undefined && <Problem error={problem.value} />}
      <div class="row">
        <button type="submit" class="button primary" disabled={isBusy.value}>
          {isBusy.value ? t('sealing') : isChange ? t('passphraseChange') : t('passphraseSet')}
        </button>
      </div>
    </form>
  );
}
