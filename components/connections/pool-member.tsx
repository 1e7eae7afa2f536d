import { ArrowDown, ArrowUp, X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import type { Connection } from '../../lib/connections/connection.ts';
import { ConnectionLamp } from '../models/connection-lamp.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { connectionNamed } from '../state/connections.ts';
import { healthOf, modelNamed, modelsOf, recallModels } from '../state/models.ts';
import { whereOf, whereText } from '../text/place.ts';
import { t } from '../text/t.ts';
import type { Row } from './use-pool-rows.ts';

interface Props {
  row: Row;
  /** From 1. */
  place: number;
  isLast: boolean;
  /** The order decides who is asked first. */
  isOrdered: boolean;
  onMove(by: 1 | -1): void;
  onModel(model: string): void;
  onRemove(): void;
}

/** One member of a pool: who it is, how it is, its place, and the model it answers with. */
export function PoolMember({ row: { member }, place, isLast, isOrdered, onMove, onModel, onRemove }: Props) {
  const connection = connectionNamed(member.connectionId);
  const name = connection?.name ?? t('removedConnection');
  return (
    <li class="stack member">
      <div class="row">
        {isOrdered && <span class="place">{place}.</span>}
        <div class="grow">
          <strong class="any-break">{name}</strong>
          <br />
          {connection ? <State connection={connection} model={member.model} /> : <Lamp state="bad">{t('poolMemberGone')}</Lamp>}
        </div>
        {isOrdered && (
          <>
            <MoveButton label={t('poolUp', { name })} isOff={place === 1} onMove={() => onMove(-1)}>
              <ArrowUp size={16} />
            </MoveButton>
            <MoveButton label={t('poolDown', { name })} isOff={isLast} onMove={() => onMove(1)}>
              <ArrowDown size={16} />
            </MoveButton>
          </>
        )}
        <button
          type="button"
          class="button plain icon small"
          aria-label={t('poolTakeOut', { name })}
          title={t('poolTakeOut', { name })}
          onClick={onRemove}
        >
          <X size={16} />
        </button>
      </div>
      {connection && <ModelInput connection={connection} model={member.model ?? ''} onModel={onModel} />}
    </li>
  );
}

/** Stays focusable at the ends: a button that goes dead under the finger takes the focus with it. */
function MoveButton({ label, isOff, onMove, children }: { label: string; isOff: boolean; onMove(): void; children: ComponentChildren }) {
  return (
    <button
      type="button"
      class="button plain icon small"
      aria-label={label}
      title={label}
      aria-disabled={isOff}
      onClick={() => !isOff && onMove()}
    >
      {children}
    </button>
  );
}

function State({ connection, model }: { connection: Connection; model: string | undefined }) {
  const { error } = healthOf(connection.id);
  const isUnlisted = model !== undefined && (modelsOf(connection.id)?.length ?? 0) > 0 && !modelNamed(connection.id, model);
  return (
    <>
      <ConnectionLamp connection={connection} detail={whereText(whereOf(connection))} />
      {error && (
        <>
          <br />
          <small class="any-break">{error.message}</small>
        </>
      )}
      {isUnlisted && (
        <>
          <br />
          <Lamp state="bad">{t('poolModelGone')}</Lamp>
        </>
      )}
    </>
  );
}

function ModelInput({ connection, model, onModel }: { connection: Connection; model: string; onModel(model: string): void }) {
  const id = useId();
  const models = modelsOf(connection.id) ?? [];
  useEffect(() => void recallModels(connection.id), [connection.id]);
  const own = connection.model ?? models[0]?.id;
  return (
    <>
      <input
        class="input"
        list={id}
        autocomplete="off"
        spellcheck={false}
        aria-label={t('poolModelOf', { name: connection.name })}
        placeholder={own ? t('poolOwnModel', { model: own }) : t('modelAny')}
        value={model}
        onInput={(event) => onModel(event.currentTarget.value.trim())}
      />
      <datalist id={id}>
        {models.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name ?? each.id}
          </option>
        ))}
      </datalist>
    </>
  );
}
