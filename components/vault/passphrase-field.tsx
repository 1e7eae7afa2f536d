import { useId } from 'preact/hooks';
import { t } from '../text/t.ts';

interface Props {
  label: string;
  value: string;
  onInput(value: string): void;
  /** Chosen now, and not one that is known already. */
  isNew?: boolean;
  hint?: string;
  /** What is wrong with it. */
  wrong?: string | undefined;
}

/** A passphrase as it is typed. It is never put back into the page. */
export function PassphraseField({ label, value, onInput, isNew = false, hint, wrong }: Props) {
  const id = useId();
  const told = wrong ?? hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        type="password"
        autocomplete={isNew ? 'new-password' : 'current-password'}
        maxLength={1_000}
        required
        aria-invalid={wrong !== undefined}
        aria-describedby={told === undefined ? undefined : `${id}-told`}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {told !== undefined && (
        <span id={`${id}-told`} class={wrong === undefined ? 'hint' : 'wrong'} role={wrong === undefined ? undefined : 'alert'}>
          {told}
        </span>
      )}
    </div>
  );
}

/** What is wrong with a new passphrase and its repetition, once there is something to say. */
export function problemOfNew(passphrase: string, again: string): string | undefined {
  if (passphrase.length < 8) return t('passphraseShort');
  return passphrase === again ? undefined : t('passphraseDiffers');
}
