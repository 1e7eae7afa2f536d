import type { Caller } from '../router/caller.ts';
import type { Router } from '../router/router.ts';
import { readAccessRequest } from './access-params.ts';
import type { MethodTable } from './method.ts';
import { readChat, readCount } from './native-chat.ts';
import { readOpenAiChat } from './openai-chat.ts';
import { readOpenAiCompletion } from './openai-completions.ts';
import { readOpenAiEmbedding, toOpenAiEmbeddings } from './openai-embeddings.ts';
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
    'openai.chat': { kind: 'stream', run: (params, { caller, signal }) => router.chat(caller, readOpenAiChat(params), signal) },
    'openai.completions': {
      kind: 'stream',
      run: (params, { caller, signal }) => router.text(caller, readOpenAiCompletion(params), signal),
    },
    'openai.embeddings': { kind: 'value', run: (params, { caller, signal }) => embed(router, caller, params, signal) },
    chat: { kind: 'stream', run: (params, { caller, signal }) => router.chat(caller, readChat(params), signal) },
    count: { kind: 'value', run: async (params, { caller, signal }) => router.countTokens(caller, readCount(params), signal) },
  };
}

async function embed(router: Router, caller: Caller, params: unknown, signal: AbortSignal) {
  const { request, isBase64 } = readOpenAiEmbedding(params);
  return toOpenAiEmbeddings(await router.embed(caller, request, signal), { isBase64, ...(request.model && { model: request.model }) });
}
