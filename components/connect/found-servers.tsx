import type { Detected } from '../../lib/backends/backend.ts';
import { getBackend } from '../../lib/backends/registry.ts';
import { Badge } from '../parts/badge.tsx';
import { backendLabel } from '../text/backend-label.ts';
import { plural } from '../text/plural.ts';
import { t } from '../text/t.ts';

interface Props {
  found: Detected[];
  onUse(server: Detected): void;
}

/** The servers that answered, each with the one click that connects it. */
export function FoundServers({ found, onUse }: Props) {
  return (
    <ul class="plain card lines">
      {found.map((server, index) => (
        <li key={server.baseUrl} class="row offer">
          <Badge name={nameOf(server)} />
          <div class="grow">
            <strong>{nameOf(server)}</strong>
            <br />
            <small class="any-break">
              {new URL(server.baseUrl).host} · {modelsText(server)}
            </small>
          </div>
          <button
            type="button"
            class={index === 0 ? 'button primary' : 'button'}
            onClick={() => onUse(server)}
            aria-label={t('useServer', { name: nameOf(server) })}
          >
            {t('use')}
          </button>
        </li>
      ))}
    </ul>
  );
}

function nameOf({ backend, version }: Detected): string {
  return version ?? backendLabel(getBackend(backend));
}

function modelsText({ models, needsKey }: Detected): string {
  if (needsKey) return t('needsKey');
  const [first] = models;
  return models.length === 1 && first ? (first.name ?? first.id) : plural('models', models.length);
}
