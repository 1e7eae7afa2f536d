import type { Connection } from '../../lib/connections/connection.ts';
import type { ModelInfo } from '../../lib/protocol/model.ts';
import { ConnectionLamp } from '../models/connection-lamp.tsx';
import { Badge } from '../parts/badge.tsx';
import { openOptions } from '../parts/open-page.ts';
import { Problem } from '../parts/problem.tsx';
import { checkConnection, healthOf } from '../state/models.ts';
import { wholeNumber } from '../text/format.ts';
import { whereOf, whereText } from '../text/place.ts';
import { t } from '../text/t.ts';

interface Props {
  connection: Connection;
  model: ModelInfo | undefined;
  modelName: string;
  onChange(): void;
}

/** Second in the popup: what answers, where that is, and whether it is there. */
export function ModelRow({ connection, model, modelName, onChange }: Props) {
  const health = healthOf(connection.id);
  const context = model?.contextWindow === undefined ? undefined : t('context', { tokens: wholeNumber(model.contextWindow) });
  const where = whereText(whereOf(connection));
  const toConnection = () => void openOptions(`connections/${connection.id}`);
  return (
    <section class="model stack" aria-label={t('activeModel')}>
      <div class="row">
        <Badge name={connection.name} />
        <div class="grow">
          <strong class="names">{modelName}</strong>
          <small class="names">{connection.name === modelName ? where : t('nameWhere', { name: connection.name, where })}</small>
          <ConnectionLamp connection={connection} detail={context} />
        </div>
        <button type="button" class="button" aria-haspopup="dialog" onClick={onChange}>
          {t('change')}
        </button>
      </div>
      {health.state === 'bad' && health.error && (
        <Problem
          error={health.error}
          can={{ retry: () => void checkConnection(connection.id), connection: toConnection, key: toConnection, model: onChange }}
        />
      )}
    </section>
  );
}
