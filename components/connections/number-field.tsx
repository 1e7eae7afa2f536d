interface Props {
  id: string;
  label: string;
  /** What an empty field means. */
  placeholder: string;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
  value: number | undefined;
  onChange(value: number | undefined): void;
}

/** A number that may be left out. */
export function NumberField({ id, label, placeholder, min, max, step = 1, value, onChange }: Props) {
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
        placeholder={placeholder}
        value={value ?? ''}
        onInput={({ currentTarget: { valueAsNumber } }) => onChange(Number.isNaN(valueAsNumber) ? undefined : valueAsNumber)}
      />
    </div>
  );
}
