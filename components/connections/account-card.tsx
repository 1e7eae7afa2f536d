import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AccountInfo } from '../../lib/backends/backend.ts';
import type { Connection } from '../../lib/connections/connection.ts';
import { request } from '../../lib/panel/background.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Lamp } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { language, money } from '../text/format.ts';
import { whereOf } from '../text/place.ts';
import { t } from '../text/t.ts';

interface Props {
  connection: Connection;
  /** The service was asked something this moment anyway: changes with each test. */
  askedAt: unknown;
}

/** What the service says of the user's account: credit, limits, kudos, subscription. Asked on demand or with a test. */
export function AccountCard({ connection, askedAt }: Props) {
  const account = useSignal<AccountInfo | 'asking' | undefined>(undefined);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const { host = connection.name } = whereOf(connection);

  async function ask(): Promise<void> {
    account.value = 'asking';
    problem.value = undefined;
    try {
      account.value = await request('account', { connectionId: connection.id });
    } catch (thrown) {
      account.value = undefined;
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }
  useEffect(() => {
    if (askedAt) void ask();
  }, [askedAt]);

  return (
    <section class="card pad row wrap" aria-label={t('account')}>
      <div class="grow" aria-live="polite">
        <strong>{t('account')}</strong> <Answer account={account.value} />
      </div>
      <button type="button" class="button small" disabled={account.value === 'asking'} onClick={() => void ask()}>
        {account.value === undefined ? t('askHost', { host }) : t('refresh')}
      </button>
      {problem.value && <Problem error={problem.value} can={{ retry: () => void ask() }} />}
    </section>
  );
}

function Answer({ account }: { account: AccountInfo | 'asking' | undefined }) {
  if (account === undefined) return null;
  if (account === 'asking') return <Lamp state="busy">{t('looking')}</Lamp>;
  const { creditMicroUsd, note } = account;
  if (creditMicroUsd === undefined && note === undefined) return <span class="quiet">{t('accountSilent')}</span>;
  return (
    <>
      {creditMicroUsd !== undefined && (
        <Lamp state={creditMicroUsd > 0 ? 'ok' : 'bad'}>{t('creditLeft', { amount: money(creditMicroUsd) })}</Lamp>
      )}
      {note && (
        <p>
          <small lang={language() === 'en' ? undefined : 'en'}>{note}</small>
        </p>
      )}
    </>
  );
}
