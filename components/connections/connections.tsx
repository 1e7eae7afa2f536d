import { availableBackends } from '../../lib/backends/all.ts';
import type { Connection } from '../../lib/connections/connection.ts';
import { type Route, route } from '../options/route.ts';
import { ManagedConnection } from '../policy/managed-connection.tsx';
import { activeConnection, connectionNamed, connections } from '../state/connections.ts';
import { t } from '../text/t.ts';
import { AddConnection } from './add-connection.tsx';
import { ConnectionEditor } from './connection-editor.tsx';
import { ConnectionList } from './connection-list.tsx';

/** The list of connections and, beside it, the one that is open. */
export function Connections() {
  const [opened] = route.value.path;
  const all = connections.value;
  if (!all) return null;
  const isNew = opened === 'new' || all.length === 0;
  // Where there is room, something is always open; where there is not, the list comes first.
  const shown = opened === undefined ? activeConnection.value : connectionNamed(opened);
  return (
    <div class={opened === undefined && !isNew ? 'split' : 'split opened'}>
      <ConnectionList openId={isNew ? undefined : shown?.id} />
      <div class="detail">
        <a class="back" href="#connections">
          {t('back')}
        </a>
        {isNew ? <New route={route.value} /> : <Open connection={shown} savedAt={route.value.query.get('saved')} />}
      </div>
    </div>
  );
}

/** A form for the kind that was chosen, or the choice of one. */
function New({ route: { path, query } }: { route: Route }) {
  const backend = availableBackends.find(({ id }) => id === path[1]);
  const baseUrl = query.get('baseUrl') ?? undefined;
  return backend ? <ConnectionEditor key={`${backend.id} ${baseUrl}`} start={backend.id} baseUrl={baseUrl} /> : <AddConnection />;
}

function Open({ connection, savedAt }: { connection: Connection | undefined; savedAt: string | null }) {
  if (!connection) return <p class="card pad quiet">{t('connectionGone')}</p>;
  if (!availableBackends.some(({ id }) => id === connection.backend))
    return <p class="card pad quiet">{t('connectionUnknown', { kind: connection.backend })}</p>;
  if (connection.isManaged) return <ManagedConnection key={connection.id} connection={connection} />;
  return <ConnectionEditor key={`${connection.id} ${savedAt}`} start={connection} isJustSaved={savedAt !== null} />;
}
