interface Props {
  id: string;
  label: string;
  /** What an empty field means. */
  placeholder?: string | undefined;
  hint?: string | undefined;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | 'any';
  isRequired?: boolean;
  /** What the field starts with. */
  value: number | undefined;
  onChange(value: number | undefined): void;
}

/** A number that may be left out. The field keeps its own text: `0.` on the way to `0.7` is no number yet. */
export function NumberField({ id, label, placeholder, hint, min, max, step = 1, isRequired = false, value, onChange }: Props) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        type="number"
        min={min}
        max={max}
        step={step}
        required={isRequired}
        placeholder={placeholder}
        defaultValue={value === undefined ? '' : String(value)}
        onInput={({ currentTarget: { valueAsNumber } }) => onChange(Number.isNaN(valueAsNumber) ? undefined : valueAsNumber)}
      />
      {hint && <span class="hint">{hint}</span>}
    </div>
  );
}
