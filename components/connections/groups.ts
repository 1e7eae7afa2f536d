import { availableBackends } from '../../lib/backends/all.ts';
import type { Backend } from '../../lib/backends/backend.ts';
import type { PlainKey } from '../text/t.ts';

/** The kinds of service that this browser can have, in the groups in which they are offered. */
export const backendGroups: { group: Backend['group']; title: PlainKey; backends: Backend[] }[] = (
  [
    { group: 'local', title: 'groupLocal' },
    { group: 'cloud', title: 'groupCloud' },
    { group: 'browser', title: 'groupBrowser' },
  ] as const
).map((each) => ({ ...each, backends: availableBackends.filter(({ group, isHere }) => group === each.group && (isHere?.() ?? true)) }));
