import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Detected, Field } from '../../lib/backends/backend.ts';
import { getBackend } from '../../lib/backends/registry.ts';
import { request } from '../../lib/panel/background.ts';
import { toSwitchboardError } from '../../lib/protocol/errors.ts';
import { isKey } from '../connect/key-prefix.ts';
import { tidyAddress } from '../connect/tidy-address.ts';
import { Lamp } from '../parts/lamp.tsx';
import { backendLabel } from '../text/backend-label.ts';
import { plural } from '../text/plural.ts';
import { t, textOf } from '../text/t.ts';
import type { ConnectionForm } from './form.ts';

/** Milliseconds after the last key before an address counts as typed. */
const pauseMs = 600;

type State = 'quiet' | 'looking' | 'nothing' | 'wrong' | Detected;

/**
 * The address of a server. What answers there fills in what the user left open. Another kind of server than the user
 * chose is said and offered, and never taken by itself.
 */
export function AddressField({ form, field }: { form: ConnectionForm; field: Field }) {
  const state = useSignal<State>('quiet');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(0);
  const id = `field-${field.name}`;
  const isWrong = state.value === 'wrong';
  useEffect(() => () => clearTimeout(timer.current), []);

  async function look(address: string): Promise<void> {
    asked.current += 1;
    const mine = asked.current;
    state.value = 'looking';
    const key = form.secrets.value.key;
    const answer = await request('connections.detect', { input: address, ...(key && { key }) }).catch((thrown: unknown) =>
      toSwitchboardError(thrown).code === 'bad-request' ? ('wrong' as const) : [],
    );
    if (mine !== asked.current) return;
    const found = answer === 'wrong' ? [] : answer;
    const best = found.find(({ backend }) => backend === form.backend.value.id) ?? found[0];
    state.value = best ?? (answer === 'wrong' ? 'wrong' : 'nothing');
    if (best?.backend === form.backend.value.id) form.learn(best);
  }

  const onInput = (typed: string) => {
    form.setConfig(field.name, typed);
    clearTimeout(timer.current);
    asked.current += 1;
    state.value = 'quiet';
    const address = tidyAddress(typed);
    if (isKey(address)) state.value = 'wrong';
    else if (address.length > 3) timer.current = setTimeout(() => void look(address), pauseMs);
  };

  /** Not while somebody types: text that changes under the hand is worse than an address with too much at its end. */
  const onBlur = () => {
    const typed = form.config.value.baseUrl;
    if (typed === undefined) return;
    const found = typeof state.value === 'object' && state.value.backend === form.backend.value.id ? state.value : undefined;
    const tidy = found?.baseUrl ?? tidyAddress(typed);
    if (tidy !== typed) form.setConfig(field.name, tidy);
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
        aria-invalid={isWrong}
        placeholder={field.placeholder}
        value={form.config.value.baseUrl ?? ''}
        onInput={(event) => onInput(event.currentTarget.value)}
        onBlur={onBlur}
      />
      <span aria-live="polite">
        <Answer state={state.value} form={form} />
      </span>
      {field.hint && <span class="hint">{textOf(field.hint)}</span>}
    </div>
  );
}

function Answer({ state, form }: { state: State; form: ConnectionForm }) {
  if (state === 'quiet') return null;
  if (state === 'looking') return <Lamp state="busy">{t('looking')}</Lamp>;
  if (state === 'wrong') return <Lamp state="bad">{t('addressWrong')}</Lamp>;
  if (state === 'nothing') return <Lamp state="off">{t('detectNothing')}</Lamp>;
  const name = state.version ?? backendLabel(getBackend(state.backend));
  const text = [t('detectAnswers', { name }), state.needsKey ? t('needsKey') : plural('models', state.models.length)].join(' · ');
  return (
    <span class="row wrap">
      <Lamp state="ok">{text}</Lamp>
      {state.backend !== form.backend.value.id && (
        <button type="button" class="button small" onClick={() => form.take(state)}>
          {t('detectUse', { name: backendLabel(getBackend(state.backend)) })}
        </button>
      )}
    </span>
  );
}
