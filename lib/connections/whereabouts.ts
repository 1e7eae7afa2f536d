import { getBackend } from '../backends/registry.ts';
import { placeOf } from '../backends/url.ts';
import type { Place } from '../protocol/model.ts';
import type { Connection } from './connection.ts';
import { isPool, poolMembers } from './pool.ts';

export interface Whereabouts {
  place: Place;
  /** With its port; absent for models inside the browser. Of a pool every host, with commas between. */
  host?: string;
}

type Located = Pick<Connection, 'backend' | 'config'>;

/** Where the data of this connection goes. Of a pool, which needs `all` to find its members, the farthest place it may go to. */
export function whereabouts(connection: Located, all: Connection[] = []): Whereabouts {
  if (isPool(connection)) return farthest(poolMembers(connection, all).flatMap((member) => member.connection ?? []));
  const known = ofOne.get(connection) ?? find(connection);
  ofOne.set(connection, known);
  return known;
}

/** Each call asks. */
const ofOne = new WeakMap<Located, Whereabouts>();

function find({ backend, config }: Located): Whereabouts {
  const [address] = config.baseUrl === undefined ? getBackend(backend).hosts(config) : [config.baseUrl];
  return address === undefined ? { place: 'device' } : { place: placeOf(address), host: new URL(address).host };
}

function farthest(members: Located[]): Whereabouts {
  const each = members.map((member) => whereabouts(member));
  const place = places.findLast((known) => each.some((one) => one.place === known)) ?? 'device';
  const hosts = new Set(each.flatMap(({ host }) => host ?? []));
  return { place, ...(hosts.size > 0 && { host: [...hosts].join(', ') }) };
}

/** From near to far. */
const places: Place[] = ['device', 'network', 'company'];
