import { Ways } from '../connect/ways.tsx';
import { Badge } from '../parts/badge.tsx';
import { backendLabel } from '../text/backend-label.ts';
import { t } from '../text/t.ts';
import { backendGroups } from './groups.ts';

/** The choice of what to connect: what is there already, an address or key to paste, or a kind by its name. */
export function AddConnection() {
  return (
    <div class="stack add">
      <h1>{t('addConnection')}</h1>
      <Ways
        onDone={(id) => {
          location.hash = id ? `connections/${id}` : 'connections';
        }}
      />
      {backendGroups.map(({ group, title, backends }) => (
        <section key={group} class="stack">
          <h2>{t(title)}</h2>
          <ul class="plain presets">
            {backends.map((backend) => (
              <li key={backend.id}>
                <a class="card row" href={backend.id === 'ondevice' ? '#models' : `#connections/new/${backend.id}`}>
                  <Badge name={backend.label} />
                  <span class="grow">{backendLabel(backend)}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <section class="stack">
        <h2>{t('groupPool')}</h2>
        <ul class="plain presets">
          <li>
            <a class="card row" href="#connections/new/pool">
              <Badge name={t('pool')} />
              <span class="grow">
                {t('pool')}
                <br />
                <small>{t('poolWhat')}</small>
              </span>
            </a>
          </li>
        </ul>
      </section>
    </div>
  );
}
