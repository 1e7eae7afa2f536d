import { getSwitches, watchSwitches } from '../../lib/permissions/switches.ts';
import { stored } from './stored.ts';

/** What the user decided for all sites together: the pause among it. */
export const switches = stored(() => getSwitches(), watchSwitches);
