import { useSignal } from '@preact/signals';
import type { Field } from '../../lib/backends/backend.ts';
import { t, textOf } from '../text/t.ts';
import { AddressField } from './address-field.tsx';
import type { ConnectionForm } from './form.ts';
import { NumberField } from './number-field.tsx';
import { OffersDialog } from './offers-dialog.tsx';
import { SecretField } from './secret-field.tsx';

/** The fields a backend asks for, as it describes them; the advanced ones stand apart. */
export function ConfigFields({ form, isAdvanced }: { form: ConnectionForm; isAdvanced: boolean }) {
  const fields = form.backend.value.fields.filter(({ advanced = false }) => advanced === isAdvanced);
  return (
    <>
      {fields.map((field) => (
        <ConfigField // The address stays itself when what answers there changes the kind.
          key={field.kind === 'url' ? field.name : `${form.backend.value.id} ${field.name}`}
          form={form}
          field={field}
        />
      ))}
    </>
  );
}

function ConfigField({ form, field }: { form: ConnectionForm; field: Field }) {
  if (field.kind === 'url') return <AddressField form={form} field={field} />;
  if (field.kind === 'secret') return <SecretField form={form} field={field} />;
  const { name, label, hint, placeholder } = field;
  const id = `field-${name}`;
  const value = form.config.value[name];
  if (field.kind === 'switch') {
    return (
      <div class="field">
        <label class="check" for={id}>
          <input id={id} type="checkbox" checked={value === true} onChange={(event) => form.setConfig(name, event.currentTarget.checked)} />
          <span>{textOf(label)}</span>
        </label>
        {hint && <span class="hint">{textOf(hint)}</span>}
      </div>
    );
  }
  if (field.kind === 'number') {
    return (
      <NumberField
        id={id}
        label={textOf(label)}
        hint={hint && textOf(hint)}
        placeholder={placeholder}
        step="any"
        value={typeof value === 'number' ? value : undefined}
        onChange={(number) => form.setConfig(name, number)}
      />
    );
  }
  return (
    <div class="field">
      <label for={id}>{textOf(label)}</label>
      {field.kind === 'choice' ? (
        <select id={id} class="input" value={String(value ?? '')} onChange={(event) => form.setConfig(name, event.currentTarget.value)}>
          <option value="">{t('usual')}</option>
          {field.choices?.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {textOf(choice.label)}
            </option>
          ))}
        </select>
      ) : (
        <TextInput form={form} field={field} id={id} value={typeof value === 'string' ? value : ''} />
      )}
      {hint && <span class="hint">{textOf(hint)}</span>}
    </div>
  );
}

function TextInput({ form, field, id, value }: { form: ConnectionForm; field: Field; id: string; value: string }) {
  const isChoosing = useSignal(false);
  const { connection } = form;
  const change = (text: string) => form.setConfig(field.name, text);
  const input = (
    <textarea
      id={id}
      class="input"
      rows={1}
      spellcheck={false}
      placeholder={field.placeholder}
      value={value}
      onInput={(event) => change(event.currentTarget.value)}
    />
  );
  // Only what is saved can be asked what it has.
  if (!field.offers || !connection || form.isElsewhere.value) return input;
  return (
    <div class="row">
      {input}
      <button
        type="button"
        class="button"
        aria-haspopup="dialog"
        aria-label={t('chooseFor', { field: textOf(field.label) })}
        onClick={() => (isChoosing.value = true)}
      >
        {t('choose')}
      </button>
      {isChoosing.value && (
        <OffersDialog
          connectionId={connection.id}
          field={field}
          value={value}
          onChange={change}
          onClose={() => (isChoosing.value = false)}
        />
      )}
    </div>
  );
}
