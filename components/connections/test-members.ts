import { request } from '../../lib/panel/background.ts';
import { errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { setHealth } from '../state/models.ts';
import type { ConnectionForm } from './form.ts';

/** Tries every member of a pool at once; each shows its own outcome. */
export async function testMembers(form: ConnectionForm): Promise<void> {
  const members = form.config.value.members as { connectionId: string }[];
  await Promise.all([...new Set(members.map(({ connectionId }) => connectionId))].map(testMember));
}

async function testMember(connectionId: string): Promise<void> {
  setHealth(connectionId, { state: 'checking' });
  try {
    const { ok, error } = await request('connections.test', { connectionId });
    setHealth(connectionId, ok ? { state: 'ok' } : { state: 'bad', ...(error && { error }) });
  } catch (thrown) {
    setHealth(connectionId, { state: 'bad', error: errorData(toSwitchboardError(thrown)) });
  }
}
