import { getNativeChoice, type NativeUse, nativeUseOf } from '../../permissions/native-choice.ts';
import type { Caller } from '../../router/caller.ts';

/** Whose LanguageModel the user wants on the pages of that site. */
export async function nativeUse(caller: Caller): Promise<NativeUse> {
  return caller.role === 'site' ? nativeUseOf(await getNativeChoice(), caller.origin) : 'always';
}
