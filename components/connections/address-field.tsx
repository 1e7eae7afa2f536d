import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Detected, Field } from '../../lib/backends/backend.ts';
import { getBackend } from '../../lib/backends/registry.ts';
import { request } from '../../lib/panel/background.ts';
import { Lamp } from '../parts/lamp.tsx';
import { plural } from '../text/plural.ts';
import { t, textOf } from '../text/t.ts';
import type { ConnectionForm } from './form.ts';

/** Milliseconds after the last key before an address counts as typed. */
const pauseMs = 600;

/**
 * The address of a server. What answers there fills in the rest of a new form; of a saved connection, or once the user
 * chose a kind, it is only offered.
 */
export function AddressField({ form, field }: { form: ConnectionForm; field: Field }) {
  const state = useSignal<'quiet' | 'looking' | 'nothing' | Detected>('quiet');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(0);
  const id = `field-${field.name}`;
  useEffect(() => () => clearTimeout(timer.current), []);

  async function look(address: string): Promise<void> {
    asked.current += 1;
    const mine = asked.current;
    state.value = 'looking';
    const key = form.secrets.value.key;
    const found = await request('connections.detect', { input: address, ...(key && { key }) }).catch(() => []);
    if (mine !== asked.current) return;
    const best = found.find(({ backend }) => backend === form.backend.value.id) ?? found[0];
    state.value = best ?? 'nothing';
    if (best && (form.connection === undefined || best.backend === form.backend.value.id)) form.take(best);
  }

  const onInput = (address: string) => {
    form.setConfig(field.name, address);
    clearTimeout(timer.current);
    asked.current += 1;
    state.value = 'quiet';
    if (address.trim().length > 3) timer.current = setTimeout(() => void look(address), pauseMs);
  };

  return (
    <div class="field">
      <label for={id}>{textOf(field.label)}</label>
      <input
        id={id}
        class="input"
        type="text"
        inputMode="url"
        autocomplete="off"
        spellcheck={false}
        required={field.required}
        placeholder={field.placeholder}
        value={form.config.value.baseUrl ?? ''}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <span aria-live="polite">
        <Answer state={state.value} form={form} />
      </span>
      {field.hint && <span class="hint">{textOf(field.hint)}</span>}
    </div>
  );
}

function Answer({ state, form }: { state: 'quiet' | 'looking' | 'nothing' | Detected; form: ConnectionForm }) {
  if (state === 'quiet') return null;
  if (state === 'looking') return <Lamp state="busy">{t('looking')}</Lamp>;
  if (state === 'nothing') return <Lamp state="off">{t('detectNothing')}</Lamp>;
  const name = state.version ?? getBackend(state.backend).label;
  const text = [t('detectAnswers', { name }), state.needsKey ? t('needsKey') : plural('models', state.models.length)].join(' · ');
  return (
    <span class="row wrap">
      <Lamp state="ok">{text}</Lamp>
      {state.backend !== form.backend.value.id && (
        <button type="button" class="button small" onClick={() => form.take(state)}>
          {t('detectUse', { name: getBackend(state.backend).label })}
        </button>
      )}
    </span>
  );
}
