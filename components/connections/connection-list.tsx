import { useEffect } from 'preact/hooks';
import { watchSecrets } from '../../lib/vault/vault.ts';
import { ConnectionLamp } from '../models/connection-lamp.tsx';
import { Badge } from '../parts/badge.tsx';
import { activeConnection, activeModel, connections } from '../state/connections.ts';
import { checkConnection, healthOf, modelNamed, recallModels } from '../state/models.ts';
import { isOn } from '../state/policy.ts';
import { whereOf, whereText } from '../text/place.ts';
import { t } from '../text/t.ts';
import { poolText } from './pool-text.ts';

/** Every connection with its lamp. Those nearby are asked how they are; a company is asked only by Test. */
export function ConnectionList({ openId }: { openId: string | undefined }) {
  const all = connections.value ?? [];
  const ids = all.map(({ id, revision }) => `${id} ${revision}`).join();
  useEffect(() => {
    for (const connection of all) {
      void recallModels(connection.id);
      if (healthOf(connection.id).state === 'unknown' && whereOf(connection).place !== 'company') void checkConnection(connection.id);
    }
  }, [ids]);
  // A copy, say, is there a moment before its key: what it was told without is old news.
  useEffect(() => watchSecrets((id) => void (healthOf(id).state !== 'unknown' && checkConnection(id))), []);

  return (
    <section class="list stack" aria-label={t('navConnections')}>
      <div class="row">
        <h1 class="grow">{t('navConnections')}</h1>
        {isOn('ownConnections') && (
          <a class="button primary" href="#connections/new">
            {t('add')}
          </a>
        )}
      </div>
      {all.length === 0 && <p class="quiet">{t('connectionsEmpty')}</p>}
      <ul class="plain stack">
        {all.map((connection) => {
          const isDefault = connection.id === activeConnection.value?.id;
          const model = (isDefault ? activeModel.value : undefined) ?? connection.model;
          const known = modelNamed(connection.id, model);
          return (
            <li key={connection.id}>
              <a
                class="card connection row"
                href={`#connections/${connection.id}`}
                aria-current={connection.id === openId ? 'true' : undefined}
              >
                <Badge name={connection.name} />
                <span class="grow">
                  <span class="row wrap names">
                    <strong class="cut">{connection.name}</strong>
                    {isDefault && <small class="tag">{t('default')}</small>}
                    {connection.isManaged && <small class="tag">{t('managed')}</small>}
                  </span>
                  <ConnectionLamp
                    connection={connection}
                    detail={connection.backend === 'pool' ? poolText(connection) : (known?.name ?? known?.id ?? model)}
                  />
                  <br />
                  <small class="any-break">{whereText(whereOf(connection))}</small>
                </span>
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
