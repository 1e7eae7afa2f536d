import { useSignal } from '@preact/signals';
import type { ModelInfo } from '../../lib/protocol/model.ts';
import { plural } from '../text/plural.ts';
import { t } from '../text/t.ts';
import { modelDetail } from './model-detail.ts';
import { useListbox } from './use-listbox.ts';

interface Props {
  /** What the server lists; absent while it was not asked. */
  models: readonly ModelInfo[] | undefined;
  /** The model's id; empty for the first of the list. */
  value: string;
  onChange(model: string): void;
}

/** Lists longer than this are for searching. */
const shownAtOnce = 100;

/** A model by search or by free text: a server may know models that it does not list. */
export function ModelBox({ models = [], value, onChange }: Props) {
  const isOpen = useSignal(false);
  const isSearching = useSignal(false);
  const words = isSearching.value ? value.toLowerCase().split(/\s+/).filter(Boolean) : [];
  const matching = models
    .filter(({ id, name = '' }) => words.every((word) => `${id} ${name}`.toLowerCase().includes(word)))
    .slice(0, shownAtOnce);
  const list = useListbox(matching.length, words.join(' '), (index) => pick(matching[index]));
  const chosen = models.find(({ id }) => id === value);
  const isShown = isOpen.value && matching.length > 0;

  function pick(model: ModelInfo | undefined): void {
    if (model) onChange(model.id);
    isOpen.value = false;
    isSearching.value = false;
  }

  return (
    <div class="field model-box">
      <label for="model">{t('model')}</label>
      <input
        id="model"
        class="input"
        type="text"
        role="combobox"
        aria-expanded={isShown}
        aria-controls={list.listId}
        aria-activedescendant={isShown ? list.optionId(list.active) : undefined}
        aria-autocomplete="list"
        autocomplete="off"
        spellcheck={false}
        placeholder={models[0] ? t('modelFirst', { model: models[0].name ?? models[0].id }) : t('modelAny')}
        value={value}
        onFocus={() => (isOpen.value = true)}
        onClick={() => (isOpen.value = true)}
        onBlur={() => {
          isOpen.value = false;
          isSearching.value = false;
        }}
        onInput={(event) => {
          isOpen.value = true;
          isSearching.value = true;
          onChange(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && isShown) {
            event.preventDefault();
            isOpen.value = false;
          } else if (isShown) list.onKeyDown(event);
          else if (event.key === 'ArrowDown') isOpen.value = true;
        }}
      />
      {isShown && (
        <div class="choices card" role="listbox" id={list.listId} aria-label={t('model')}>
          {matching.map((model, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, as the combobox pattern has it
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input
            <div
              key={model.id}
              role="option"
              id={list.optionId(index)}
              class={index === list.active ? 'option active' : 'option'}
              aria-selected={model.id === value}
              onPointerMove={() => list.setActive(index)}
              // Before the input loses the focus and with it the list.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => pick(model)}
            >
              <span class="any-break">{model.name ?? model.id}</span>
              <small class="any-break">
                {[model.name && model.name !== model.id && model.id, modelDetail(model)].filter(Boolean).join(' · ')}
              </small>
            </div>
          ))}
        </div>
      )}
      <span class="hint">{(chosen && modelDetail(chosen)) || (models.length > 0 ? plural('models', models.length) : t('modelHint'))}</span>
    </div>
  );
}
