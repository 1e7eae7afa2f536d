import { getBackend } from '../backends/registry.ts';
import { placeOf } from '../backends/url.ts';
import type { Place } from '../protocol/model.ts';
import type { Connection } from './connection.ts';

/** Where the data of this connection goes; `host` with its port, absent for models inside the browser. */
export function whereabouts({ backend, config }: Pick<Connection, 'backend' | 'config'>): { place: Place; host?: string } {
  const [address] = config.baseUrl === undefined ? getBackend(backend).hosts(config) : [config.baseUrl];
  return address === undefined ? { place: 'device' } : { place: placeOf(address), host: new URL(address).host };
}
