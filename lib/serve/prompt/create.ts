import type { AccessRequest } from '../../protocol/access.ts';
import { grantAbilitiesFor } from '../../router/lacks.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { canRead, sessionNeeds } from './availability.ts';
import { canonical } from './canonical.ts';
import { declaredTools } from './declared-tools.ts';
import { PromptFailure, tooMuch } from './failure.ts';
import { isPossible } from './languages.ts';
import { measure } from './measure.ts';
import { nativeUse } from './native-use.ts';
import type { Piece } from './piece.ts';
import { type Options, readCreate } from './read.ts';

/** Begins a session: asks the user where they have not agreed, loads the model where its backend loads, counts the initial prompts. */
export async function* create(router: Router, params: unknown, context: CallContext): AsyncGenerator<Piece[]> {
  const { caller, signal } = context;
  const { options, initial } = readCreate(params);
  if (!isPossible(options)) throw new PromptFailure('NotSupportedError', 'No model gives that kind of output or speaks that language.');
  declaredTools(options);
  const messages = canonical(initial, { options, isLater: false, isInitial: true });

  if ((await nativeUse(caller)) === 'never')
    throw new PromptFailure('NotSupportedError', 'The user wants no other model here than the browser’s own.');
  const access = await router.requestAccess(caller, await wishes(router, options, context), signal);
  if (access.state !== 'granted') throw new PromptFailure('NotAllowedError', 'The user did not allow this site to use their model.');
  if (!canRead(access, options)) throw new PromptFailure('NotSupportedError', "The user's model does not take what expectedInputs names.");
  for await (const parts of router.load(caller, signal)) {
    for (const part of parts) if (part.type === 'loading' && part.progress !== undefined) yield [{ loaded: Math.min(part.progress, 1) }];
  }
  const window = await router.contextWindow(caller, signal);
  const usage = await measure(router, messages, context);
  if (window !== undefined && usage > window) throw tooMuch(usage, window);
  yield [{ window: window ?? null, usage }];
}

/**
 * A user who is asked is asked once for all that the session says it will send. Whoever agreed before, perhaps to less, is
 * asked again when it is sent and not before.
 */
async function wishes(router: Router, options: Options, { caller }: CallContext): Promise<AccessRequest> {
  const needs = sessionNeeds(options);
  const isAsked = needs.length > 0 && (await router.queryAccess(caller)).state === 'prompt';
  return isAsked ? { abilities: grantAbilitiesFor(needs) } : {};
}
