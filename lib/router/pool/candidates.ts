import type { Connection } from '../../connections/connection.ts';
import { poolMembers } from '../../connections/pool.ts';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Ability } from '../../protocol/model.ts';
import type { ModelLists } from '../model-lists.ts';
import type { Failure } from './failures.ts';

/** A member that may be asked. */
export interface Candidate {
  /** Tells members apart, also two models of one connection. */
  key: string;
  connection: Connection;
  /** Absent: the connection's own default. */
  model?: string;
}

/** The members that can do what is needed, as far as anybody knows, in their order; why the others cannot. */
export async function candidatesOf(
  pool: Connection,
  connections: Connection[],
  needs: Ability[],
  lists: ModelLists,
): Promise<{ candidates: Candidate[]; failures: Failure[] }> {
  const candidates: Candidate[] = [];
  const failures: Failure[] = [];
  for (const { connectionId, connection, model: wanted } of poolMembers(pool, connections)) {
    if (!connection) {
      failures.push({ name: 'A member', error: removed() });
      continue;
    }
    const model = wanted ?? connection.model;
    const abilities = model === undefined ? undefined : (await lists.info(connection, model))?.abilities;
    const missing = needs.find((need) => abilities && !abilities.includes(need));
    if (missing) failures.push({ name: connection.name, error: lacks(missing) });
    else
      candidates.push({
        key: `${connectionId}/${model ?? ''}`,
        connection: withoutRetries(connection),
        ...(model !== undefined && { model }),
      });
  }
  return { candidates, failures };
}

/** Asking the next member is better than asking the same one again, unless the user says how long to try. */
function withoutRetries(connection: Connection): Connection {
  const known = hasty.get(connection) ?? { ...connection, patience: { retrySeconds: 0, ...connection.patience } };
  hasty.set(connection, known);
  return known;
}

/** The same object each time, by which the engine is known that was opened for it. */
const hasty = new WeakMap<Connection, Connection>();

function removed(): SwitchboardError {
  return new SwitchboardError('not-configured', 'its connection was removed. Take it out of the pool, or add another.');
}

function lacks(ability: Ability): SwitchboardError {
  return new SwitchboardError('not-supported', `This model cannot ${words[ability] ?? 'do that'}. Choose another model for it.`);
}

const words: Partial<Record<Ability, string>> = {
  images: 'see images',
  audio: 'hear sound',
  files: 'read files',
  tools: 'call tools',
  embed: 'make embeddings',
};
