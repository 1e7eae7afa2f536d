import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { BackendId } from '../../lib/backends/backend.ts';
import type { Connection } from '../../lib/connections/connection.ts';
import { rememberModels } from '../../lib/connections/model-cache.ts';
import { saveConnection, setDefaults } from '../../lib/connections/store.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { setSecret } from '../../lib/vault/vault.ts';
import { ModelList } from '../models/model-list.tsx';
import { useAbilities } from '../models/use-abilities.ts';
import { Problem } from '../parts/problem.tsx';
import { activeConnection, readConnections } from '../state/connections.ts';
import { recallModels, setHealth } from '../state/models.ts';
import { backendLabel } from '../text/backend-label.ts';
import { t } from '../text/t.ts';
import { AccountCard } from './account-card.tsx';
import { EditorActions } from './editor-actions.tsx';
import { EditorFields } from './editor-fields.tsx';
import { createForm } from './form.ts';
import { testMembers } from './test-members.ts';
import { TestReport } from './test-report.tsx';
import { useTest } from './use-test.ts';

interface Props {
  /** The connection to change, or the kind of a new one. */
  start: Connection | BackendId;
  baseUrl?: string | undefined;
  /** It was saved this moment: try it at once. */
  isJustSaved?: boolean;
}

/** The form of one connection, made from what its backend says of itself, and what its server has. */
export function ConnectionEditor({ start, baseUrl, isJustSaved }: Props) {
  const form = useMemo(() => createForm(start, baseUrl), []);
  const test = useTest(form);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const { connection } = form;
  const abilities = useAbilities(connection);
  const backend = form.backend.value;
  const isPool = backend.group === 'pool';
  const isDefault = connection !== undefined && connection.id === activeConnection.value?.id;
  const isWrong = test.result !== undefined && test.result !== 'testing' && !test.result.ok;
  const startTest = () => void run(isPool ? () => testMembers(form) : test.start);
  useEffect(() => {
    if (connection) void recallModels(connection.id);
    if (isJustSaved) startTest();
  }, []);

  async function run(work: () => Promise<void>): Promise<void> {
    try {
      problem.value = undefined;
      await work();
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }

  const save = () =>
    run(async () => {
      const id = await saveConnection(form.draft());
      for (const [name, value] of Object.entries(form.secrets.value)) await setSecret(id, value, name);
      if (form.models.value) await rememberModels(id, form.models.value);
      setHealth(id, { state: 'unknown' });
      await readConnections();
      location.hash = `connections/${id}?saved=${Date.now()}`;
    });

  return (
    <div class="stack">
      <form
        class="stack editor"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div class="row wrap">
          <h1 class="grow any-break">{connection?.name ?? t('newConnection', { kind: backendLabel(backend) })}</h1>
          {connection && !isDefault && (
            <button type="button" class="button" onClick={() => void run(() => setDefaults({ connectionId: connection.id }))}>
              {t('makeDefault')}
            </button>
          )}
          <button type="button" class="button" disabled={test.result === 'testing'} onClick={startTest}>
            {test.result === 'testing' ? t('testing') : t('test')}
          </button>
        </div>
        {test.result && <TestReport result={test.result} form={form} onRetry={startTest} />}
        {connection && abilities.includes('account') && <AccountCard connection={connection} askedAt={test.doneAt} />}
        <EditorFields form={form} abilities={abilities} />
        {problem.value && <Problem error={problem.value} />}
        <EditorActions connection={connection} isChanged={form.isChanged.value} run={(work) => void run(work)} />
      </form>
      {connection && abilities.includes('models') && !isPool && (
        <ModelList connection={connection} abilities={abilities} isWrongSaid={isWrong} />
      )}
    </div>
  );
}
