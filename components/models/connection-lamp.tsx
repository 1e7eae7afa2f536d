import type { Connection } from '../../lib/connections/connection.ts';
import { Lamp } from '../parts/lamp.tsx';
import { workOn } from '../state/model-work.ts';
import { healthOf } from '../state/models.ts';
import { runs } from '../state/runs.ts';
import { percent } from '../text/format.ts';
import { problemText } from '../text/problem-text.ts';
import { t } from '../text/t.ts';

interface Props {
  connection: Connection;
  /** What is said after the state: `8,192 context`. */
  detail?: string | undefined;
}

/** Whether a connection answers, as far as anybody asked it. */
export function ConnectionLamp({ connection, detail }: Props) {
  const health = healthOf(connection.id);
  const atWork = runs.value.filter((run) => run.connectionId === connection.id);
  const loading = atWork.find(({ state }) => state === 'loading');
  if (loading)
    return (
      <Lamp state="busy">
        {loading.progress === undefined ? t('waitingLoading') : t('waitingLoadingShare', { share: percent(loading.progress) })}
      </Lamp>
    );
  const work = workOn(connection.id).find(({ state }) => state === 'running');
  if (work) {
    const share = work.said?.progress;
    const label = t(work.kind === 'load' ? 'loadingModel' : 'gettingModel', { model: work.model });
    return <Lamp state="busy">{join(label, share === undefined ? undefined : percent(share))}</Lamp>;
  }
  if (atWork.some(({ state }) => state === 'answering')) return <Lamp state="busy">{join(t('runAnswering'), detail)}</Lamp>;
  if (health.state === 'bad') return <Lamp state="bad">{t(problemText[health.error?.code ?? 'internal'].what)}</Lamp>;
  if (health.state === 'ok') return <Lamp state="ok">{join(t('lampReady'), detail)}</Lamp>;
  if (health.state === 'checking') return <Lamp state="off">{join(t('lampChecking'), detail)}</Lamp>;
  return <Lamp state="off">{detail ?? t('lampUnknown')}</Lamp>;
}

function join(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join(' · ');
}
