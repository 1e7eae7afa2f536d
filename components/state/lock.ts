import { lockState, watchLock } from '../../lib/vault/lock.ts';
import { stored } from './stored.ts';

/** Whether the keys are behind a passphrase, and whether it was entered. */
export const lock = stored(lockState, watchLock);
