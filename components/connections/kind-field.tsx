import { availableBackends } from '../../lib/backends/all.ts';
import { backendLabel } from '../text/backend-label.ts';
import { t } from '../text/t.ts';
import type { ConnectionForm } from './form.ts';
import { backendGroups } from './groups.ts';

/** What kind of service it is. Found out from the address where it can be; the user has the last word. */
export function KindField({ form }: { form: ConnectionForm }) {
  return (
    <div class="field">
      <label for="kind">{t('kind')}</label>
      <select
        id="kind"
        class="input"
        value={form.backend.value.id}
        onChange={(event) => {
          const chosen = availableBackends.find(({ id }) => id === event.currentTarget.value);
          if (chosen) form.setBackend(chosen.id);
        }}
      >
        {backendGroups.map(({ group, title, backends }) => (
          <optgroup key={group} label={t(title)}>
            {backends.map((backend) => (
              <option key={backend.id} value={backend.id}>
                {backendLabel(backend)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}
