import { useSignal } from '@preact/signals';
import { browser } from 'wxt/browser';
import { makeBackup } from '../../lib/backup/export.ts';
import { download } from '../parts/download.ts';
import { Problem } from '../parts/problem.tsx';
import { t } from '../text/t.ts';
import { PassphraseField, problemOfNew } from '../vault/passphrase-field.tsx';
import { useWork } from '../vault/use-work.ts';

/** Saves a file: without secrets, or with those that a passphrase of their own opens. */
export function Export() {
  const withKeys = useSignal(false);
  const withChats = useSignal(false);
  const passphrase = useSignal('');
  const again = useSignal('');
  const mistake = useSignal<string | undefined>(undefined);
  const { isBusy, problem, run } = useWork();

  const save = async (event: Event) => {
    event.preventDefault();
    mistake.value = withKeys.value ? problemOfNew(passphrase.value, again.value) : undefined;
    if (mistake.value) return;
    const { version } = browser.runtime.getManifest();
    const choice = { withChats: withChats.value, ...(withKeys.value && { passphrase: passphrase.value }) };
    await run(async () => download(fileName(), 'application/json', await makeBackup(version, choice)));
    passphrase.value = again.value = '';
  };
  return (
    <form class="card pad stack" onSubmit={(event) => void save(event)}>
      <h2>{t('exportTitle')}</h2>
      <label class="check">
        <input type="checkbox" checked={withChats.value} onChange={(event) => (withChats.value = event.currentTarget.checked)} />
        <span>
          {t('exportChats')}
          <br />
          <small>{t(withKeys.value ? 'exportChatsSealed' : 'exportChatsClear')}</small>
        </span>
      </label>
      <label class="check">
        <input type="checkbox" checked={withKeys.value} onChange={(event) => (withKeys.value = event.currentTarget.checked)} />
        <span>
          {t('exportKeys')}
          <br />
          <small>{t('exportKeysHint')}</small>
        </span>
      </label>
      {withKeys.value && (
        <div class="two">
          <PassphraseField
            label={t('exportPassphrase')}
            isNew
            hint={t('exportPassphraseHint')}
            value={passphrase.value}
            onInput={(value) => (passphrase.value = value)}
          />
          <PassphraseField
            label={t('passphraseAgain')}
            isNew
            value={again.value}
            onInput={(value) => (again.value = value)}
            wrong={mistake.value}
          />
        </div>
      )}
      {problem.value && <Problem error={problem.value} />}
      <div class="row">
        <button type="submit" class="button primary" disabled={isBusy.value}>
          {isBusy.value ? t('sealing') : t('exportSave')}
        </button>
      </div>
    </form>
  );
}

function fileName(): string {
  return `switchboard-${new Date().toISOString().slice(0, 10)}.json`;
}
