import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Dialog } from '../parts/dialog.tsx';
import { openOptions } from '../parts/open-page.ts';
import { activeConnection, activeModel, connections } from '../state/connections.ts';
import { checkConnection, healthOf, modelNamed, modelsOf, recallModels } from '../state/models.ts';
import { whereOf, whereText } from '../text/place.ts';
import { t } from '../text/t.ts';
import { ConnectionLamp } from './connection-lamp.tsx';
import { type ModelChoice, modelChoices } from './model-choices.ts';
import { modelDetail } from './model-detail.ts';
import { useListbox } from './use-listbox.ts';

/** Every connection and its models in one searchable list; one click makes a model the active one. */
export function ModelMenu({ onClose }: { onClose(): void }) {
  const search = useSignal('');
  const all = connections.value ?? [];
  useEffect(() => {
    for (const { id } of all) {
      void recallModels(id);
      if (healthOf(id).state === 'unknown') void checkConnection(id);
    }
  }, []);

  const groups = modelChoices(all, modelsOf, search.value);
  const flat = groups.flatMap(({ choices }) => choices);
  const list = useListbox(flat.length, search.value, (index) => pick(flat[index]));
  const chosen = activeModel.value ?? (activeConnection.value && modelNamed(activeConnection.value.id, undefined)?.id);

  function pick(choice: ModelChoice | undefined): void {
    if (!choice) return;
    const { connection, model } = choice;
    // With the backends, which the popup does without until something is changed.
    void import('../connect/choose-model.ts').then(({ chooseModel }) =>
      chooseModel({ connectionId: connection.id, ...(model && { model: model.id }) }),
    );
    onClose();
  }

  return (
    <Dialog title={t('chooseModel')} onClose={onClose}>
      <input
        class="input"
        autofocus
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={list.listId}
        aria-activedescendant={list.active < 0 ? undefined : list.optionId(list.active)}
        aria-label={t('searchModels')}
        placeholder={t('searchModels')}
        autocomplete="off"
        spellcheck={false}
        value={search.value}
        onInput={(event) => (search.value = event.currentTarget.value)}
        onKeyDown={list.onKeyDown}
      />
      <div class="choices" role="listbox" id={list.listId} aria-label={t('chooseModel')}>
        {groups.map(({ connection, choices, hidden }) => (
          <fieldset key={connection.id} aria-label={connection.name}>
            <div class="group">
              <strong class="cut">{connection.name}</strong> <small>{whereText(whereOf(connection))}</small>
              <ConnectionLamp connection={connection} />
            </div>
            {choices.map((choice) => {
              const index = flat.indexOf(choice);
              return (
                <Option
                  key={choice.model?.id ?? ''}
                  choice={choice}
                  id={list.optionId(index)}
                  isActive={index === list.active}
                  isChosen={choice.model?.id === chosen && choice.connection.id === activeConnection.value?.id}
                  onPick={() => pick(choice)}
                  onPoint={() => list.setActive(index)}
                />
              );
            })}
            {hidden > 0 && <small class="more">{t('moreModels', { count: hidden })}</small>}
          </fieldset>
        ))}
        {groups.length === 0 && <p class="quiet">{t('noModelsFound')}</p>}
      </div>
      <button type="button" class="button" onClick={() => void openOptions('connections/new')}>
        {t('addConnection')}
      </button>
    </Dialog>
  );
}

interface OptionProps {
  choice: ModelChoice;
  id: string;
  isActive: boolean;
  isChosen: boolean;
  onPick(): void;
  onPoint(): void;
}

function Option({ choice: { model, connection, isTyped }, id, isActive, isChosen, onPick, onPoint }: OptionProps) {
  const name = model ? (model.name ?? model.id) : t('useConnection', { name: connection.name });
  const detail = model && !isTyped ? modelDetail(model) : '';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, as the combobox pattern has it
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input
    <div
      role="option"
      class={isActive ? 'option active' : 'option'}
      id={id}
      aria-selected={isChosen}
      onClick={onPick}
      onPointerMove={onPoint}
    >
      <span class="any-break">{isTyped ? t('useTyped', { model: name }) : name}</span>
      {detail && <small>{detail}</small>}
    </div>
  );
}
