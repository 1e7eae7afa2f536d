import { useSignal } from '@preact/signals';
import { ChevronRight } from 'lucide-preact';
import type { Detected } from '../../lib/backends/backend.ts';
import { connectDemoModel } from '../../lib/panel/first-run.ts';
import type { ErrorData } from '../../lib/protocol/errors.ts';
import { openOptions } from '../parts/open-page.ts';
import { Problem } from '../parts/problem.tsx';
import { t } from '../text/t.ts';
import { connectBackend, connectDetected, trying } from './connect.ts';
import { FoundServers } from './found-servers.tsx';
import { PasteAddress } from './paste-address.tsx';
import { PasteKey } from './paste-key.tsx';
import { useDiscovery } from './use-discovery.ts';

/** The ways to a first model: what runs on this computer already, then an address, a key, Pocket, or a file of one's own. */
export function Ways({ onDone }: { onDone?: (connectionId?: string) => void }) {
  const { found, again } = useDiscovery();
  const problem = useSignal<ErrorData | undefined>(undefined);

  async function run(work: () => Promise<string | undefined>): Promise<void> {
    let id: string | undefined;
    problem.value = await trying(async () => {
      id = await work();
    });
    if (!problem.value) onDone?.(id);
  }
  /** A server that wants a key is not connected by one click: the form asks for the key. */
  const use = (server: Detected) =>
    server.needsKey
      ? void openOptions(`connections/new/${server.backend}?baseUrl=${encodeURIComponent(server.baseUrl)}`)
      : void run(() => connectDetected(server));

  return (
    <div class="stack ways">
      <section class="stack" aria-live="polite">
        {found === undefined && <p class="lamp busy">{t('discovering')}</p>}
        {found && found.length > 0 && (
          <>
            <h2>{t('foundHere')}</h2>
            <FoundServers found={found} onUse={use} />
          </>
        )}
        {found?.length === 0 && (
          <p class="row">
            <span class="lamp grow">{t('foundNothing')}</span>
            <button type="button" class="button plain small" onClick={again}>
              {t('lookAgain')}
            </button>
          </p>
        )}
      </section>
      {problem.value && <Problem error={problem.value} />}
      <div class="card lines">
        <Offer
          title={t('wayPocket')}
          hint={t('wayPocketHint')}
          button={t('tryNow')}
          label={t('wayPocketTry')}
          isFirst={found?.length === 0}
          onUse={() => void run(connectDemoModel)}
        />
        <details name="way">
          <Summary title={t('wayServer')} hint={t('wayServerHint')} />
          <PasteAddress onDone={(id) => onDone?.(id)} />
        </details>
        <details name="way">
          <Summary title={t('wayKey')} hint={t('wayKeyHint')} />
          <PasteKey onDone={() => onDone?.()} />
        </details>
        <Offer
          title={t('wayVolunteers')}
          hint={t('wayVolunteersHint')}
          button={t('use')}
          label={t('useServer', { name: 'AI Horde' })}
          onUse={() => void run(() => connectBackend('horde'))}
        />
        <button type="button" class="row offer" onClick={() => void openOptions('models')}>
          <span class="grow">
            <strong>{t('wayFile')}</strong>
            <br />
            <small>{t('wayFileHint')}</small>
          </span>
          <ChevronRight size={18} />
        </button>
      </div>
    </div>
  );
}

interface OfferProps {
  title: string;
  hint: string;
  button: string;
  /** The button's whole name, for those who hear it by itself. */
  label: string;
  isFirst?: boolean;
  onUse(): void;
}

/** A way that is one click. */
function Offer({ title, hint, button, label, isFirst = false, onUse }: OfferProps) {
  return (
    <div class="row offer">
      <div class="grow">
        <strong>{title}</strong>
        <br />
        <small>{hint}</small>
      </div>
      <button type="button" class={isFirst ? 'button primary' : 'button'} onClick={onUse} aria-label={label}>
        {button}
      </button>
    </div>
  );
}

function Summary({ title, hint }: { title: string; hint: string }) {
  return (
    <summary class="row offer">
      <span class="grow">
        <strong>{title}</strong>
        <br />
        <small>{hint}</small>
      </span>
      <ChevronRight size={18} />
    </summary>
  );
}
