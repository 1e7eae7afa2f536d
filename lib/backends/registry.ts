import { SwitchboardError } from '../protocol/errors.ts';
import type { Kit } from './all.ts';
import type { Backend, BackendId } from './backend.ts';

/**
 * The backends by their ids, for rooms that must not carry them: all of them together are larger than the rest of the
 * background. A page of ours imports all.ts, which puts them here; the background reads them when it first needs one
 * (load-kit.ts).
 */
let load: (() => Kit) | undefined;

/** Says where the backends come from. Called once in each context, before anything asks. */
export function provideKit(loader: () => Kit): void {
  load = loader;
}

/** The backends and what belongs to them. */
export function useKit(): Kit {
  if (load) return load();
  throw new SwitchboardError('internal', 'Switchboard started without its backends. Reload the extension.');
}

/** The backend of that id; throws `not-supported` for one that this version does not have. */
export function getBackend(id: BackendId): Backend {
  const backend = useKit().availableBackends.find((each) => each.id === id);
  if (!backend)
    throw new SwitchboardError('not-supported', `This version of Switchboard has no backend "${id}". Update it, or choose another.`);
  return backend;
}
