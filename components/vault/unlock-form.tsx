import { useSignal } from '@preact/signals';
import { passphraseDesk } from '../../lib/vault/change-passphrase.ts';
import { Problem } from '../parts/problem.tsx';
import { lock } from '../state/lock.ts';
import { t } from '../text/t.ts';
import { PassphraseField } from './passphrase-field.tsx';
import { useWork } from './use-work.ts';
import { wrongText } from './wrong-text.ts';

/** Asks for the passphrase and opens the keys with it. */
export function UnlockForm() {
  const passphrase = useSignal('');
  const { isBusy, problem, run } = useWork();
  const wrong = wrongText(problem.value);

  const unlock = async (event: Event) => {
    event.preventDefault();
    if (!(await run(() => passphraseDesk.unlock(passphrase.value)))) return;
    passphrase.value = '';
    await lock.read();
  };
  return (
    <form class="stack" onSubmit={(event) => void unlock(event)}>
      <PassphraseField label={t('passphrase')} value={passphrase.value} onInput={(value) => (passphrase.value = value)} wrong={wrong} />
      {problem.value && wrong === undefined && <Problem error={problem.value} />}
      <div class="row">
        <button type="submit" class="button primary" disabled={isBusy.value || passphrase.value === ''}>
          {isBusy.value ? t('unlocking') : t('stepUnlock')}
        </button>
      </div>
    </form>
  );
}
