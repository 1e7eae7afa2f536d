import { useSignal } from '@preact/signals';
import type { Detected } from '../../lib/backends/backend.ts';
import { request } from '../../lib/panel/background.ts';
import type { TestResult } from '../../lib/panel/methods.ts';
import { FoundServers } from '../connect/found-servers.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { duration } from '../text/format.ts';
import { plural } from '../text/plural.ts';
import type { Step } from '../text/problem-text.ts';
import { t } from '../text/t.ts';
import type { ConnectionForm } from './form.ts';

interface Props {
  result: TestResult | 'testing';
  form: ConnectionForm;
  onRetry(): void;
}

/** What trying the connection showed: that it works, or what is wrong and the way on. */
export function TestReport({ result, form, onRetry }: Props) {
  const nearby = useSignal<Detected[] | 'looking' | undefined>(undefined);
  if (result === 'testing') return <Lamp state="busy">{t('testing')}</Lamp>;
  if (result.ok) {
    return (
      <p class="card pad" aria-live="polite">
        <Lamp state="ok">
          {[t('testWorks', { time: duration(result.latencyMs) }), result.models && plural('models', result.models.length)]
            .filter(Boolean)
            .join(' · ')}
        </Lamp>
      </p>
    );
  }
  const can: Partial<Record<Step, () => void>> = {
    retry: onRetry,
    key: () => document.getElementById('field-key')?.focus(),
    model: () => document.getElementById('model')?.focus(),
  };
  if (form.backend.value.group === 'local') {
    can.look = () => {
      nearby.value = 'looking';
      void request('connections.discover', {}).then(
        (found) => (nearby.value = found),
        () => (nearby.value = []),
      );
    };
  }
  return (
    <>
      <Problem error={result.error ?? { code: 'internal', message: '' }} can={can} />
      {nearby.value === 'looking' && <Lamp state="busy">{t('discovering')}</Lamp>}
      {Array.isArray(nearby.value) && nearby.value.length === 0 && <Lamp state="off">{t('foundNothing')}</Lamp>}
      {Array.isArray(nearby.value) && nearby.value.length > 0 && <FoundServers found={nearby.value} onUse={form.take} />}
    </>
  );
}
