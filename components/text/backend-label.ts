import type { BackendId } from '../../lib/backends/backend.ts';
import { type PlainKey, t } from './t.ts';

/** What a kind of service is called. Names of products are the same everywhere; descriptions are translated. */
export function backendLabel({ id, label }: { id: BackendId; label: string }): string {
  const key = described[id];
  return key ? t(key) : label;
}

const described: Partial<Record<BackendId, PlainKey>> = {
  custom: 'backendCustom',
  ondevice: 'backendOnDevice',
  chrome: 'backendBuiltIn',
};
