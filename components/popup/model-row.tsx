import type { Connection } from '../../lib/connections/connection.ts';
import type { ModelInfo } from '../../lib/protocol/model.ts';
import { poolText } from '../connections/pool-text.ts';
import { ConnectionLamp } from '../models/connection-lamp.tsx';
import { Badge } from '../parts/badge.tsx';
import { checkConnection, healthOf } from '../state/models.ts';
import { windowSize } from '../text/format.ts';
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
  const detail = [
    model?.loaded === false && t('notLoaded'),
    model?.contextWindow !== undefined && t('context', { tokens: windowSize(model.contextWindow) }),
  ]
    .filter(Boolean)
    .join(' · ');
  const where = whereText(whereOf(connection));
  const name = connection.backend === 'pool' ? poolText(connection) : connection.name;
  return (
    <section class="model stack" aria-label={t('activeModel')}>
      <div class="row">
        <Badge name={connection.name} />
        <div class="grow">
          <strong class="names">{modelName}</strong>
          <small class="names">{name === modelName ? where : t('nameWhere', { name, where })}</small>
          <div class="row wrap">
            <ConnectionLamp connection={connection} detail={detail || undefined} />
            {healthOf(connection.id).state === 'bad' && (
              <button type="button" class="button plain small again" onClick={() => void checkConnection(connection.id)}>
                {t('stepRetry')}
              </button>
            )}
          </div>
        </div>
        <button type="button" class="button" aria-haspopup="dialog" onClick={onChange}>
          {t('change')}
        </button>
      </div>
    </section>
  );
}
