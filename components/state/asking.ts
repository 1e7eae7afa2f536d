import { listAsking, watchAsking } from '../../lib/permissions/asking.ts';
import { stored } from './stored.ts';

/** Sites that wanted a model but could not ask, for want of a click on the page. */
export const asking = stored(listAsking, watchAsking);
