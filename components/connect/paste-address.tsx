import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Detected } from '../../lib/backends/backend.ts';
import { request } from '../../lib/panel/background.ts';
import { type ErrorData, errorData, SwitchboardError, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Problem } from '../parts/problem.tsx';
import { t } from '../text/t.ts';
import { connectDetected } from './connect.ts';
import { FoundServers } from './found-servers.tsx';
import { isKey } from './key-prefix.ts';
import { keyIn, tidyAddress } from './tidy-address.ts';

interface Props {
  /** The connection was made. */
  onDone(id: string): void;
}

/** The address of a server, and what answers there. */
export function PasteAddress({ onDone }: Props) {
  const address = useSignal('');
  const key = useSignal('');
  const needsKey = useSignal(false);
  const isLooking = useSignal(false);
  const found = useSignal<Detected[]>([]);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const isWrong = useSignal(false);
  const keyInput = useRef<HTMLInputElement>(null);

  async function look(): Promise<void> {
    const input = tidyAddress(address.value);
    isWrong.value = isKey(input);
    problem.value = undefined;
    found.value = [];
    if (input === '' || isWrong.value) return;
    key.value = keyIn(address.value) ?? key.value;
    address.value = input;
    isLooking.value = true;
    try {
      const servers = await request('connections.detect', { input, ...(key.value && { key: key.value }) });
      needsKey.value = needsKey.value || servers.some((server) => server.needsKey);
      if (servers.length === 0) throw new SwitchboardError('unreachable', t('nothingAnswers', { address: input }));
      found.value = servers;
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
    isLooking.value = false;
  }

  async function use(server: Detected): Promise<void> {
    if (server.needsKey && key.value.trim() === '') {
      keyInput.current?.focus();
      return;
    }
    try {
      onDone(await connectDetected(server, key.value || undefined));
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }

  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void look();
      }}
    >
      <div class="field">
        <label for="address">{t('address')}</label>
        <div class="row">
          <input
            id="address"
            class="input"
            type="text"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            placeholder="http://127.0.0.1:8080"
            aria-invalid={isWrong.value}
            value={address.value}
            onInput={(event) => {
              address.value = event.currentTarget.value;
              isWrong.value = false;
              // A key belongs to the address it was entered for.
              found.value = [];
              key.value = '';
              needsKey.value = false;
            }}
          />
          <button type="submit" class="button" disabled={isLooking.value}>
            {isLooking.value ? t('looking') : t('look')}
          </button>
        </div>
        {isWrong.value && (
          <span class="wrong" role="alert">
            {t('addressIsKey')}
          </span>
        )}
      </div>
      {needsKey.value && (
        <div class="field">
          <label for="address-key">{t('key')}</label>
          <input
            id="address-key"
            ref={keyInput}
            class="input"
            type="password"
            autocomplete="off"
            value={key.value}
            onInput={(event) => (key.value = event.currentTarget.value)}
          />
        </div>
      )}
      {found.value.length > 0 && <FoundServers found={found.value} onUse={(server) => void use(server)} />}
      {problem.value && <Problem error={problem.value} can={{ retry: () => void look() }} />}
    </form>
  );
}
