import type { Router } from '../router/router.ts';
import { doorMethods } from './doors.ts';
import type { MethodTable } from './method.ts';
import { readAccessRequest } from './params/read-access.ts';
import { readChat, readCount } from './params/read-chat.ts';
import { lazyPromptMethods } from './prompt/lazy-methods.ts';
import { lazyTaskMethods } from './tasks/lazy-methods.ts';
import { watchAccess } from './watch-access.ts';

/**
 * Everything a site can ask for. `watchChanges` calls its listener when grants, connections or defaults have changed
 * and returns its undo; without it `access.watch` tells the state once.
 */
export function createSiteMethods(router: Router, watchChanges: (listener: () => void) => () => void = () => () => {}): MethodTable {
  return {
    'access.request': {
      kind: 'value',
      run: async (params, { caller, signal }) => router.requestAccess(caller, readAccessRequest(params), signal),
    },
    'access.query': { kind: 'value', run: (_, { caller }) => router.queryAccess(caller) },
    'access.watch': {
      kind: 'subscription',
      run: (_, { caller, signal }, emit) => watchAccess({ router, caller, signal, watchChanges, emit }),
    },
    'models.list': { kind: 'value', run: (_, { caller, signal }) => router.models(caller, signal) },
    chat: { kind: 'stream', run: (params, { caller, signal }) => router.chat(caller, readChat(params), signal) },
    count: { kind: 'value', run: async (params, { caller, signal }) => router.countTokens(caller, readCount(params), signal) },
    ...doorMethods(router),
    ...lazyPromptMethods(router),
    ...lazyTaskMethods(router),
  };
}
