import type { AccessState } from '../../protocol/access.ts';
import { toSwitchboardError } from '../../protocol/errors.ts';
import type { Ability } from '../../protocol/model.ts';
import type { Caller } from '../../router/caller.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { isPossible } from './languages.ts';
import { nativeUse } from './native-use.ts';
import { type Options, readOptions } from './read.ts';

export type Availability = 'unavailable' | 'downloadable' | 'available';

/** What a page may know before it creates a session. Before the user has agreed that is the same for every page and user. */
export async function availability(router: Router, params: unknown, { caller }: CallContext): Promise<Availability> {
  const options = readOptions(params);
  if (!isPossible(options) || (await nativeUse(caller)) === 'never') return 'unavailable';
  const access = await accessOf(router, caller);
  if (access.state === 'prompt') return 'downloadable';
  return access.state === 'granted' && canRead(access, options) ? 'available' : 'unavailable';
}

/** A frame that the page handed nothing on to has no access, and that is no failure. */
async function accessOf(router: Router, caller: Caller): Promise<AccessState> {
  try {
    return await router.queryAccess(caller);
  } catch (thrown) {
    const error = toSwitchboardError(thrown);
    if (error.code === 'unsupported-context') return { state: 'denied', models: [] };
    throw error;
  }
}

/** Whether the model that answers by default takes what is expected. What nobody knows of it, it is trusted with. */
export function canRead({ models }: AccessState, { expectedInputs }: Options): boolean {
  const abilities = models.find(({ isDefault }) => isDefault)?.abilities;
  return abilities === undefined || inputNeeds(expectedInputs).every((need) => abilities.includes(need));
}

/** What a session with these options may ask of its model, beside words. */
export function sessionNeeds({ expectedInputs, expectedOutputs, tools }: Options): Ability[] {
  const hasTools = tools.length > 0 || expectedOutputs.some(({ type }) => type === 'tool-call');
  return [...inputNeeds(expectedInputs), ...(hasTools ? (['tools'] as const) : [])];
}

function inputNeeds(expected: Options['expectedInputs']): Ability[] {
  const needed: Partial<Record<string, Ability>> = { image: 'images', audio: 'audio' };
  return expected.flatMap(({ type }) => needed[type] ?? []);
}
