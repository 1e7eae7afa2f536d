import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Field } from '../../lib/backends/backend.ts';
import { removeSecrets, secretNames } from '../../lib/vault/vault.ts';
import { Lamp } from '../parts/lamp.tsx';
import { t, textOf } from '../text/t.ts';
import type { ConnectionForm } from './form.ts';
import { SignIn } from './sign-in.tsx';

/** A key. It can be entered, replaced and removed, but never be seen again: this page does not get to know it. */
export function SecretField({ form, field }: { form: ConnectionForm; field: Field }) {
  const isSaved = useSignal(false);
  const isReplacing = useSignal(false);
  const { connection } = form;
  const id = `field-${field.name}`;
  const { keyUrl, limitUrl } = field.name === 'key' ? form.backend.value : {};

  const look = async () => {
    isSaved.value = connection !== undefined && (await secretNames(connection.id)).includes(field.name);
  };
  useEffect(() => void look(), []);

  const remove = async () => {
    if (!connection) return;
    await removeSecrets(connection.id, field.name);
    await look();
  };

  return (
    <div class="field">
      <label for={id}>{textOf(field.label)}</label>
      {isSaved.value && !isReplacing.value && !form.isElsewhere.value ? (
        <div class="row wrap saved">
          <Lamp state="ok">{t('keySaved')}</Lamp>
          <button id={id} type="button" class="button small" onClick={() => (isReplacing.value = true)}>
            {t('replace')}
          </button>
          <button type="button" class="button plain danger small" onClick={() => void remove()}>
            {t('remove')}
          </button>
        </div>
      ) : (
        <>
          <input
            id={id}
            class="input"
            type="password"
            autocomplete="off"
            placeholder={field.placeholder ?? (field.name === 'key' && !field.required ? t('notNeeded') : undefined)}
            value={form.secrets.value[field.name] ?? ''}
            onInput={(event) => form.setSecret(field.name, event.currentTarget.value)}
          />
          {field.name === 'key' && form.backend.value.signIn && (
            <SignIn backend={form.backend.value} config={form.config.value} onSecret={form.setSecret} />
          )}
        </>
      )}
      {isSaved.value && form.isElsewhere.value && <span class="hint">{t('keyElsewhere')}</span>}
      {field.hint && <span class="hint">{textOf(field.hint)}</span>}
      {keyUrl && (
        <a class="hint" href={keyUrl} target="_blank" rel="noopener noreferrer">
          {t('keyGet', { host: new URL(keyUrl).host })}
        </a>
      )}
      {limitUrl && (
        <a class="hint" href={limitUrl} target="_blank" rel="noopener noreferrer">
          {t('keyLimit', { host: new URL(limitUrl).host })}
        </a>
      )}
    </div>
  );
}
