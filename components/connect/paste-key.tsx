import { useSignal } from '@preact/signals';
import { availableBackends } from '../../lib/backends/all.ts';
import type { BackendId } from '../../lib/backends/backend.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Problem } from '../parts/problem.tsx';
import { backendLabel } from '../text/backend-label.ts';
import { t } from '../text/t.ts';
import { connectKey } from './connect.ts';
import { backendOfKey } from './key-prefix.ts';

interface Props {
  onDone(): void;
}

/** A key of a cloud service. Whose it is, its beginning says; it is tried before it is kept. */
export function PasteKey({ onDone }: Props) {
  const key = useSignal('');
  const chosen = useSignal<BackendId | undefined>(undefined);
  const isTrying = useSignal(false);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const services = availableBackends.filter(({ group, fields }) => group === 'cloud' && fields.some(({ kind }) => kind === 'secret'));
  const inferred = services.find(({ id }) => id === backendOfKey(key.value))?.id;
  const backend = chosen.value ?? inferred;

  async function connect(): Promise<void> {
    if (!backend || key.value.trim() === '') return;
    isTrying.value = true;
    try {
      problem.value = await connectKey(backend, key.value);
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
    isTrying.value = false;
    if (!problem.value) onDone();
  }

  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void connect();
      }}
    >
      <div class="field">
        <label for="paste-key">{t('key')}</label>
        <input
          id="paste-key"
          class="input"
          type="password"
          autocomplete="off"
          value={key.value}
          onInput={(event) => {
            key.value = event.currentTarget.value;
            problem.value = undefined;
          }}
        />
        <span class="hint">{t('keyHint')}</span>
      </div>
      {key.value.trim() !== '' && (
        <div class="field">
          <label for="paste-key-service">{inferred && !chosen.value ? t('serviceInferred') : t('service')}</label>
          <div class="row">
            <select
              id="paste-key-service"
              class="input"
              value={backend ?? ''}
              onChange={(event) => (chosen.value = services.find(({ id }) => id === event.currentTarget.value)?.id)}
            >
              {!backend && <option value="">{t('serviceChoose')}</option>}
              {services.map((service) => (
                <option key={service.id} value={service.id}>
                  {backendLabel(service)}
                </option>
              ))}
            </select>
            <button type="submit" class="button primary" disabled={!backend || isTrying.value}>
              {isTrying.value ? t('trying') : t('connect')}
            </button>
          </div>
        </div>
      )}
      {problem.value && <Problem error={problem.value} can={{ retry: () => void connect() }} />}
    </form>
  );
}
