import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { browser } from 'wxt/browser';
import type { Backend, BaseConfig } from '../../lib/backends/backend.ts';
import { type CodeSignIn, hasAuthWindow, signIn, signInByCode } from '../../lib/panel/sign-in.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Lamp } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { t } from '../text/t.ts';

interface Props {
  backend: Backend;
  config: BaseConfig;
  /** What signing in gave, by its name. */
  onSecret(name: string, value: string): void;
}

/** Signing in at the service instead of pasting a key. */
export function SignIn({ backend, config, onSecret }: Props) {
  const isWaiting = useSignal(false);
  const isDone = useSignal(false);
  const byCode = useSignal<CodeSignIn | undefined>(undefined);
  const code = useSignal('');
  const problem = useSignal<ErrorData | undefined>(undefined);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);

  async function run(work: () => Promise<void>): Promise<void> {
    problem.value = undefined;
    isWaiting.value = true;
    try {
      await work();
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
    isWaiting.value = false;
  }

  const take = (secrets: Record<string, string>) => {
    for (const [name, value] of Object.entries(secrets)) onSecret(name, value);
    byCode.value = undefined;
    isDone.value = true;
  };
  const inWindow = () => run(async () => take(await signIn(backend, config, stop.current.signal)));
  const showCode = () =>
    run(async () => {
      byCode.value = await signInByCode(backend, config);
      await browser.tabs.create({ url: byCode.value.page });
    });
  const finish = (pending: CodeSignIn) => run(async () => take(await pending.finish(code.value, stop.current.signal)));

  return (
    <div class="stack">
      <div class="row wrap">
        {hasAuthWindow() && (
          <button type="button" class="button" disabled={isWaiting.value} onClick={() => void inWindow()}>
            {t('signInWith', { name: backend.label })}
          </button>
        )}
        <button type="button" class="button plain small" disabled={isWaiting.value} onClick={() => void showCode()}>
          {t('signInByCode')}
        </button>
      </div>
      <span aria-live="polite">
        {isWaiting.value && <Lamp state="busy">{t('signInWaiting')}</Lamp>}
        {isDone.value && !isWaiting.value && <Lamp state="ok">{t('signedIn')}</Lamp>}
      </span>
      {byCode.value && (
        <div class="field">
          <label for="sign-in-code">{t('signInCode')}</label>
          <div class="row">
            <input
              id="sign-in-code"
              class="input"
              autocomplete="off"
              spellcheck={false}
              value={code.value}
              onInput={(event) => (code.value = event.currentTarget.value)}
            />
            <button
              type="button"
              class="button"
              disabled={isWaiting.value || code.value.trim() === ''}
              onClick={() => byCode.value && void finish(byCode.value)}
            >
              {t('connect')}
            </button>
          </div>
          <span class="hint">{t('signInCodeHint')}</span>
        </div>
      )}
      {problem.value && <Problem error={problem.value} />}
    </div>
  );
}
