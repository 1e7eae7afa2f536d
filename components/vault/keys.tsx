import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { correctLockState, passphraseDesk } from '../../lib/vault/change-passphrase.ts';
import { lock as lockNow } from '../../lib/vault/lock.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { lock } from '../state/lock.ts';
import { t } from '../text/t.ts';
import { LockRules } from './lock-rules.tsx';
import { NewPassphrase } from './new-passphrase.tsx';
import { RemovePassphrase } from './remove-passphrase.tsx';
import { UnlockForm } from './unlock-form.tsx';
import { useWork } from './use-work.ts';

/** Keys and lock: how the keys are kept, the passphrase before them, and when they lock. */
export function Keys() {
  const done = useSignal<string | undefined>(undefined);
  useEffect(() => void correctLockState().catch(() => {}), []);
  const state = lock.value.value;
  return (
    <div class="stack keys">
      <h1>{t('navKeys')}</h1>
      <p class="quiet">{t('keysText')}</p>
      <p class="quiet" role="status">
        {state === 'locked' ? undefined : done.value}
      </p>
      {lock.failed.value && <Problem error={lock.failed.value} />}
      {state === 'none' && (
        <section class="card pad stack">
          <h2>{t('passphraseSet')}</h2>
          <p class="quiet">{t('passphraseWhy')}</p>
          <NewPassphrase onDone={() => (done.value = t('passphraseIsSet'))} />
        </section>
      )}
      {state === 'locked' && <Locked />}
      {state === 'open' && <Open onDone={(text) => (done.value = text)} />}
    </div>
  );
}

function Locked() {
  const { problem, run } = useWork();
  const forget = () => void run(() => passphraseDesk.forget()).then(() => lock.read());
  return (
    <section class="card pad stack">
      <div class="row">
        <h2 class="grow">{t('unlockTitle')}</h2>
        <Lamp state="off">{t('keysLocked')}</Lamp>
      </div>
      <UnlockForm />
      <details>
        <summary>{t('passphraseForgotten')}</summary>
        <div class="stack">
          <p class="quiet">{t('passphraseForgottenText')}</p>
          <div class="row">
            <ConfirmButton question={t('forgetSure')} onConfirm={forget}>
              {t('forget')}
            </ConfirmButton>
          </div>
          {problem.value && <Problem error={problem.value} />}
        </div>
      </details>
    </section>
  );
}

function Open({ onDone }: { onDone(text: string): void }) {
  return (
    <>
      <section class="card pad stack">
        <div class="row">
          <h2 class="grow">{t('lockTitle')}</h2>
          <Lamp state="ok">{t('keysOpen')}</Lamp>
          <button type="button" class="button" onClick={() => void lockNow().then(() => lock.read())}>
            {t('lockNow')}
          </button>
        </div>
        <LockRules />
      </section>
      <details class="card pad">
        <summary>{t('passphraseChange')}</summary>
        <NewPassphrase isChange onDone={() => onDone(t('passphraseIsChanged'))} />
      </details>
      <details class="card pad">
        <summary>{t('passphraseRemove')}</summary>
        <RemovePassphrase onDone={() => onDone(t('passphraseIsRemoved'))} />
      </details>
    </>
  );
}
