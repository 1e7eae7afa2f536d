import { type PlainKey, t } from '../text/t.ts';

interface Props<Value extends string> {
  id: string;
  label: string;
  hint?: string;
  value: Value;
  /** The text of each choice, in the order they are shown. */
  choices: Record<Value, PlainKey>;
  onChange(value: Value): void;
}

/** One of a few. */
export function ChoiceField<Value extends string>({ id, label, hint, value, choices, onChange }: Props<Value>) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="input"
        value={value}
        aria-describedby={hint && `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.value as Value)}
      >
        {(Object.keys(choices) as Value[]).map((each) => (
          <option key={each} value={each}>
            {t(choices[each] as PlainKey)}
          </option>
        ))}
      </select>
      {hint && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
    </div>
  );
}

export const historyChoices = { off: 'historyOff', meta: 'historyMeta', full: 'historyFull' } as const;
export const hiddenChoices = { allow: 'hiddenAllow', slow: 'hiddenSlow', refuse: 'hiddenRefuse' } as const;
export const gestureChoices = { never: 'gestureNever', first: 'gestureFirst', each: 'gestureEach' } as const;
export const nativeChoices = { 'when-missing': 'nativeMissing', always: 'nativeAlways', never: 'nativeNever' } as const;
