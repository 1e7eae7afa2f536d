import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { getBackend } from '../../lib/backends/registry.ts';
import type { Connection } from '../../lib/connections/connection.ts';
import { managedSecrets } from '../../lib/connections/managed.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { secretNames, setSecret } from '../../lib/vault/vault.ts';
import { SignIn } from '../connections/sign-in.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { policy } from '../state/policy.ts';
import { t } from '../text/t.ts';

/** The key of an organisation's connection: given by it, or each user's own, which can be entered but never seen again. */
export function ManagedKey({ connection }: { connection: Connection }) {
  const entered = useSignal('');
  const isSaved = useSignal(false);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const look = async () => {
    isSaved.value = (await secretNames(connection.id)).includes('key');
  };
  useEffect(() => void look(), []);

  if (managedSecrets(policy.value, connection.id)) return <Lamp state="ok">{t('managedKey')}</Lamp>;

  const backend = getBackend(connection.backend);
  const keep = async (work: () => Promise<void>) => {
    try {
      problem.value = undefined;
      await work();
      entered.value = '';
      await look();
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  };

  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void keep(() => setSecret(connection.id, entered.value));
      }}
    >
      <div class="field">
        <label for="managed-key">{t('managedOwnKey')}</label>
        <div class="row">
          <input
            id="managed-key"
            class="input grow"
            type="password"
            autocomplete="off"
            required
            value={entered.value}
            onInput={(event) => (entered.value = event.currentTarget.value)}
          />
          <button type="submit" class="button primary">
            {t('save')}
          </button>
        </div>
        {backend.signIn && (
          <SignIn
            backend={backend}
            config={connection.config}
            onSecret={(name, value) => void keep(() => setSecret(connection.id, value, name))}
          />
        )}
        {isSaved.value && <Lamp state="ok">{t('keySaved')}</Lamp>}
      </div>
      {problem.value && <Problem error={problem.value} />}
    </form>
  );
}
