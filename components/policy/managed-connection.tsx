import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { getBackend } from '../../lib/backends/registry.ts';
import type { Connection } from '../../lib/connections/connection.ts';
import { setDefaults } from '../../lib/connections/store.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { ModelList } from '../models/model-list.tsx';
import { useAbilities } from '../models/use-abilities.ts';
import { Problem } from '../parts/problem.tsx';
import { activeConnection, readConnections } from '../state/connections.ts';
import { recallModels } from '../state/models.ts';
import { backendLabel } from '../text/backend-label.ts';
import { whereOf, whereText } from '../text/place.ts';
import { t } from '../text/t.ts';
import { ManagedKey } from './managed-key.tsx';

/** A connection of an organisation: what it is, its models, and the user's own key where the organisation gives none. */
export function ManagedConnection({ connection }: { connection: Connection }) {
  const problem = useSignal<ErrorData | undefined>(undefined);
  const abilities = useAbilities(connection);
  const backend = getBackend(connection.backend);
  const needsKey = backend.fields.some(({ name, kind }) => name === 'key' && kind === 'secret');
  useEffect(() => void recallModels(connection.id), []);

  const makeDefault = async () => {
    try {
      await setDefaults({ connectionId: connection.id });
      await readConnections();
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  };

  return (
    <div class="stack">
      <div class="row wrap">
        <h1 class="grow any-break">{connection.name}</h1>
        {connection.id !== activeConnection.value?.id && (
          <button type="button" class="button" onClick={() => void makeDefault()}>
            {t('makeDefault')}
          </button>
        )}
      </div>
      <p class="quiet">{t('managedText')}</p>
      <ul class="plain card pad stack">
        <li>
          <strong>{backendLabel(backend)}</strong>
        </li>
        <li class="any-break">{whereText(whereOf(connection))}</li>
        {connection.model !== undefined && (
          <li class="any-break">
            {t('model')}: {connection.model}
          </li>
        )}
      </ul>
      {needsKey && <ManagedKey connection={connection} />}
      {problem.value && <Problem error={problem.value} />}
      {abilities.includes('models') && <ModelList connection={connection} abilities={abilities} isWrongSaid={false} />}
    </div>
  );
}
