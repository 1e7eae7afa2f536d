import { placeOf } from '../../lib/backends/place.ts';
import type { Connection } from '../../lib/connections/connection.ts';
import type { Place } from '../../lib/protocol/model.ts';
import { t } from './t.ts';

/** Where data goes: the place, and the host where it leaves the browser. */
export interface Where {
  place: Place;
  host?: string | undefined;
}

/** Judged from the address alone, without the backend's code: what has no address runs inside the browser. */
export function whereOf({ config: { baseUrl } }: Pick<Connection, 'config'>): Where {
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return { place: 'device' };
  return { place: placeOf(baseUrl), host: new URL(baseUrl).host };
}

/**
 * Where it goes, beside the name of what gets it: `in this browser`, `on this computer`, `on your network,
 * 192.168.1.5:8080`, `api.openai.com`.
 */
export function whereText({ place, host }: Where): string {
  if (place === 'device') return host === undefined ? t('placeBrowser') : t('placeComputer');
  if (place === 'network') return t('placeNetwork', { host: host ?? '' });
  return host ?? t('placeCompany');
}
