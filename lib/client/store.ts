import type { AccessState } from '../protocol/access.ts';
import type { PageModel } from '../protocol/model.ts';
import type { SwitchboardProvider } from '../protocol/provider.ts';
import { type GetAIOptions, getAI } from './get-ai.ts';
import type { NotInstalledError } from './not-installed.ts';

/** What an interface shows. Another object with each change and the same one in between, as `useSyncExternalStore` wants it. */
export type AIState =
  | { status: 'looking' }
  | { status: 'missing'; error: NotInstalledError }
  | { status: 'ready'; ai: SwitchboardProvider; access: AccessState; model: PageModel | null };

export interface AIStore {
  get(): AIState;
  /** Returns its undo. The store looks for the provider while somebody listens. */
  subscribe(listener: () => void): () => void;
}

/** The provider, what it may do and its model as one value that can be watched: for any framework, and for none. */
export function createAIStore(options: Omit<GetAIOptions, 'onNotInstalled' | 'signal'> = {}): AIStore {
  const listeners = new Set<() => void>();
  let state: AIState = { status: 'looking' };
  let stop: (() => void) | undefined;

  function set(next: AIState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  function start(): () => void {
    const controller = new AbortController();
    const undo: (() => void)[] = [() => controller.abort()];
    const onNotInstalled = (error: NotInstalledError) => set({ status: 'missing', error });
    getAI({ ...options, signal: controller.signal, onNotInstalled }).then(
      async (ai) => {
        if (!ai) return;
        const access = await ai.permissions.query();
        if (controller.signal.aborted) return;
        set({ status: 'ready', ai, access, model: access.models.find(({ isDefault }) => isDefault) ?? null });
        undo.push(
          ai.on('accesschanged', (access) => state.status === 'ready' && set({ ...state, access })),
          ai.on('modelchanged', (model) => state.status === 'ready' && set({ ...state, model })),
        );
      },
      () => {},
    );
    return () => {
      for (const each of undo) each();
    };
  }

  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      stop ??= start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}
