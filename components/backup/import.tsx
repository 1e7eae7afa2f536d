import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { maxBytes, readBackup } from '../../lib/backup/backup.ts';
import { applyImport, planNow } from '../../lib/backup/import.ts';
import type { Plan } from '../../lib/backup/plan.ts';
import { Problem } from '../parts/problem.tsx';
import { wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { PassphraseField } from '../vault/passphrase-field.tsx';
import { useWork } from '../vault/use-work.ts';
import { wrongText } from '../vault/wrong-text.ts';
import { Summary } from './summary.tsx';

/** Reads a file, shows what it would do, and does all of it or nothing. */
export function Import() {
  const file = useRef<HTMLInputElement>(null);
  const plan = useSignal<Plan | undefined>(undefined);
  const done = useSignal<string | undefined>(undefined);
  const { problem, run } = useWork();

  const look = async (chosen: File | undefined) => {
    plan.value = done.value = undefined;
    if (!chosen) return;
    // One byte more than is allowed is enough to refuse it.
    await run(async () => (plan.value = await planNow(readBackup(new Uint8Array(await chosen.slice(0, maxBytes + 1).arrayBuffer())))));
  };
  const close = (text?: string) => {
    plan.value = undefined;
    done.value = text;
    if (file.current) file.current.value = '';
  };
  return (
    <section class="card pad stack">
      <h2>{t('importTitle')}</h2>
      <div class="field">
        <label for="backup-file">{t('importFile')}</label>
        <input
          id="backup-file"
          ref={file}
          class="input"
          type="file"
          accept=".json,application/json"
          onChange={(event) => void look(event.currentTarget.files?.[0])}
        />
        <span class="hint">{t('importHint')}</span>
      </div>
      <p class="quiet" role="status">
        {done.value}
      </p>
      {problem.value && <Problem error={problem.value} />}
      {plan.value && <Confirm plan={plan.value} onDone={close} />}
    </section>
  );
}

function Confirm({ plan, onDone }: { plan: Plan; onDone(text?: string): void }) {
  const withGrants = useSignal(false);
  const withPreferences = useSignal(false);
  const withChats = useSignal(false);
  const withKeys = useSignal(false);
  const passphrase = useSignal('');
  const { isBusy, problem, run } = useWork();
  const wrong = wrongText(problem.value);
  const sealedChats = plan.backup.sealed?.chats ?? 0;
  const chats = plan.chats.length + sealedChats;
  const needsPassphrase = withKeys.value || (withChats.value && sealedChats > 0);

  const apply = async (event: Event) => {
    event.preventDefault();
    let text = '';
    const isDone = await run(async () => {
      const { connections, grants, keys, headers, chats, droppedKeys } = await applyImport(plan, {
        withGrants: withGrants.value,
        withPreferences: withPreferences.value,
        withChats: withChats.value,
        withKeys: withKeys.value,
        ...(needsPassphrase && { passphrase: passphrase.value }),
      });
      text = t('imported', { connections: wholeNumber(connections), keys: wholeNumber(keys), sites: wholeNumber(grants) });
      if (chats + headers > 0) text += ` ${t('importedMore', { chats: wholeNumber(chats), headers: wholeNumber(headers) })}`;
      if (droppedKeys > 0) text += ` ${t('importedWithout', { count: wholeNumber(droppedKeys) })}`;
    });
    if (isDone) onDone(text);
  };
  return (
    <form class="stack" onSubmit={(event) => void apply(event)}>
      <Summary plan={plan} />
      {plan.grants.length > 0 && (
        <label class="check">
          <input type="checkbox" checked={withGrants.value} onChange={(event) => (withGrants.value = event.currentTarget.checked)} />
          <span>{t('importSites', { count: wholeNumber(plan.grants.length) })}</span>
        </label>
      )}
      {plan.preferences && (
        <label class="check">
          <input
            type="checkbox"
            checked={withPreferences.value}
            onChange={(event) => (withPreferences.value = event.currentTarget.checked)}
          />
          <span>{t('importPreferences')}</span>
        </label>
      )}
      {chats > 0 && (
        <label class="check">
          <input type="checkbox" checked={withChats.value} onChange={(event) => (withChats.value = event.currentTarget.checked)} />
          <span>{t('importChats', { count: wholeNumber(chats) })}</span>
        </label>
      )}
      {plan.backup.keys && (
        <label class="check">
          <input type="checkbox" checked={withKeys.value} onChange={(event) => (withKeys.value = event.currentTarget.checked)} />
          <span>{t('importKeys')}</span>
        </label>
      )}
      {needsPassphrase && (
        <PassphraseField
          label={t('exportPassphrase')}
          value={passphrase.value}
          onInput={(value) => (passphrase.value = value)}
          wrong={wrong}
        />
      )}
      {problem.value && wrong === undefined && <Problem error={problem.value} />}
      <div class="row wrap">
        <button type="submit" class="button primary" disabled={isBusy.value}>
          {isBusy.value ? t('sealing') : t('importApply')}
        </button>
        <button type="button" class="button plain" onClick={() => onDone()}>
          {t('cancel')}
        </button>
      </div>
    </form>
  );
}
