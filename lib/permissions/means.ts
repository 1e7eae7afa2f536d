import { forgetAsking, noteAsking } from './asking.ts';
import { takeOnce } from './grant-use.ts';
import { addGrant, findGrants, watchGrants } from './grants.ts';

/** What the consent queue does to the world. The background hands its own to the late code, which has others of the same. */
export const means = { addGrant, findGrants, watchGrants, takeOnce, forgetAsking, noteAsking };
export type Means = typeof means;
