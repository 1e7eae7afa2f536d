import { placeOf } from '../../lib/backends/place.ts';
import type { Connection } from '../../lib/connections/connection.ts';
import type { Place } from '../../lib/protocol/model.ts';
import { connections } from '../state/connections.ts';
import { listed } from './format.ts';
import { t } from './t.ts';

/** Where data goes: the place, and the host where it leaves the browser. */
export interface Where {
  place: Place;
  host?: string | undefined;
  /** Of a pool: where each of its members is. */
  members?: Where[];
}

/**
 * Judged from the address alone, without the backend's code: what has no address runs inside the browser. A pool is as
 * far away as its farthest member.
 */
export function whereOf({ backend, config }: Pick<Connection, 'backend' | 'config'>): Where {
  if (backend === 'pool') return whereOfPool(config.members);
  const { baseUrl } = config;
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return { place: 'device' };
  return { place: placeOf(baseUrl), host: new URL(baseUrl).host };
}

/**
 * Where it goes, beside the name of what gets it: `in this browser`, `on this computer`, `on your network,
 * 192.168.1.5:8080`, `api.openai.com`; of a pool all of these.
 */
export function whereText({ place, host, members }: Where): string {
  if (members) return members.length === 0 ? t('placeNowhere') : listed([...new Set(members.map(whereText))]);
  if (place === 'device') return host === undefined ? t('placeBrowser') : t('placeComputer');
  if (place === 'network') return t('placeNetwork', { host: host ?? '' });
  return host ?? t('placeCompany');
}

function whereOfPool(given: unknown): Where {
  const ids = Array.isArray(given) ? given.map(({ connectionId }) => connectionId) : [];
  const members = (connections.value ?? []).filter(({ id, backend }) => backend !== 'pool' && ids.includes(id)).map(whereOf);
  return { place: fromNear.findLast((place) => members.some((each) => each.place === place)) ?? 'device', members };
}

const fromNear: Place[] = ['device', 'network', 'company'];
