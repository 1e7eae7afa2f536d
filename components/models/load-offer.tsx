import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { Connection } from '../../lib/connections/connection.ts';
import { request } from '../../lib/panel/background.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { chooseModel } from '../connect/choose-model.ts';
import { Problem } from '../parts/problem.tsx';
import { followModelWork, workOn } from '../state/model-work.ts';
import { checkConnection, modelNamed, modelsOf } from '../state/models.ts';
import { t } from '../text/t.ts';
import { useAbilities } from './use-abilities.ts';
import { WorkProgress } from './work-progress.tsx';

interface Props {
  connection: Connection;
  /** The model that was asked for. */
  wanted: string | undefined;
  /** It is loaded, and answers from now on. */
  onLoaded(model: string): void;
}

/** The server answers and has no model loaded: which one it could load, and the button that does it. */
export function LoadOffer({ connection, wanted, onLoaded }: Props) {
  const { id: connectionId } = connection;
  const abilities = useAbilities(connection);
  const chosen = useSignal<string | undefined>(undefined);
  const started = useSignal<string | undefined>(undefined);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const id = useId();
  useEffect(followModelWork, []);
  useEffect(() => void checkConnection(connectionId), [connectionId]);

  const possible = (modelsOf(connectionId) ?? []).filter(({ loaded }) => loaded === false);
  const model = chosen.value ?? possible.find((each) => each.id === wanted)?.id ?? possible[0]?.id;
  const work = workOn(connectionId).find(({ kind }) => kind === 'load');
  const isLoaded = started.value !== undefined && work === undefined && modelNamed(connectionId, started.value)?.loaded === true;
  useEffect(() => {
    if (!isLoaded || started.value === undefined) return;
    const loaded = started.value;
    started.value = undefined;
    void chooseModel({ connectionId, model: loaded }).then(() => onLoaded(loaded));
  }, [isLoaded]);

  async function load(): Promise<void> {
    if (model === undefined) return;
    problem.value = undefined;
    try {
      await request('models.load', { connectionId, model });
      started.value = model;
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }

  if (work) {
    return (
      <div class="card pad">
        <WorkProgress work={work} name={modelNamed(connectionId, work.model)?.name ?? work.model} />
      </div>
    );
  }
  if (problem.value) return <Problem error={problem.value} can={{ retry: () => void load() }} />;
  if (!abilities.includes('load') || model === undefined) return null;
  return (
    <div class="card pad field">
      <label for={id}>{t('loadOffer', { name: connection.name })}</label>
      <div class="row">
        <select id={id} class="input" value={model} onChange={(event) => (chosen.value = event.currentTarget.value)}>
          {possible.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name ?? each.id}
            </option>
          ))}
        </select>
        <button type="button" class="button primary" onClick={() => void load()}>
          {t('load')}
        </button>
      </div>
    </div>
  );
}
