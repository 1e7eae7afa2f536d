import type { PoolConfig } from '../../lib/backends/pool.ts';
import type { Connection } from '../../lib/connections/connection.ts';
import { connectionNamed } from '../state/connections.ts';
import { listed } from '../text/format.ts';
import { t } from '../text/t.ts';

/** Who answers for a pool, in a few words: `KoboldCpp, then Claude`, or `KoboldCpp and Ollama`. */
export function poolText({ config }: Pick<Connection, 'config'>): string {
  const { strategy, members } = config as unknown as PoolConfig;
  const names = members.map(({ connectionId }) => connectionNamed(connectionId)?.name ?? t('removedConnection'));
  if (strategy === 'spread' || names.length === 0) return listed(names);
  return names.reduceRight((rest, first) => t('poolThen', { first, rest }));
}
