import { useSignal } from '@preact/signals';
import { passphraseDesk } from '../../lib/vault/change-passphrase.ts';
import { Problem } from '../parts/problem.tsx';
import { lock } from '../state/lock.ts';
import { t } from '../text/t.ts';
import { PassphraseField } from './passphrase-field.tsx';
import { useWork } from './use-work.ts';
import { wrongText } from './wrong-text.ts';

/** Takes the passphrase away; the keys stay and open by themselves. */
export function RemovePassphrase({ onDone }: { onDone(): void }) {
  const current = useSignal('');
  const { isBusy, problem, run } = useWork();
  const wrong = wrongText(problem.value);

  const remove = async (event: Event) => {
    event.preventDefault();
    if (!(await run(() => passphraseDesk.remove(current.value)))) return;
    await lock.read();
    onDone();
  };
  return (
    <form class="stack" onSubmit={(event) => void remove(event)}>
      <p class="quiet">{t('passphraseRemoveText')}</p>
      <PassphraseField label={t('passphraseNow')} value={current.value} onInput={(value) => (current.value = value)} wrong={wrong} />
      {problem.value && wrong === undefined && <Problem error={problem.value} />}
      <div class="row">
        <button type="submit" class="button danger" disabled={isBusy.value || current.value === ''}>
          {t('passphraseRemove')}
        </button>
      </div>
    </form>
  );
}
