import type { Place } from '../../lib/protocol/model.ts';
import { t } from './t.ts';

/**
 * Where data goes, beside the name of what gets it: `in this browser`, `on this computer`, `on your network ·
 * 192.168.1.5:8080`, `api.openai.com`.
 */
export function whereText({ place, host }: { place: Place; host?: string | undefined }): string {
  if (place === 'device') return host === undefined ? t('placeBrowser') : t('placeComputer');
  if (place === 'network') return t('placeNetwork', { host: host ?? '' });
  return host ?? t('placeCompany');
}
